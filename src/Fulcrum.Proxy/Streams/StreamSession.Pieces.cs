using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Protocols.Framing;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// How a session relays where one of the two sides does more, or less, than carry bytes. Between two sides that keep the
/// bounds of messages each is read and sent as one. Where only one of them does, each piece that is read becomes a message
/// and messages run together; or, framed, the length of each stands before it (RFC 4571 section 2). A message that is
/// longer than a buffer of the loop, or than the receiver takes, ends the session, because a part of it would be a lie. A
/// message without a byte cannot be told from the end of a connection, and is dropped.
/// </summary>
internal sealed partial class StreamSession<TIo>
{
    /// <summary>Of UDP over IPv4: all that the length of its packets can tell, without both headers (RFC 791, RFC 768).</summary>
    private const int MaxDatagram = 65_507;

    /// <summary>Milliseconds that answers are awaited when the client has ended and the backend has no end to say.</summary>
    private const long LastAnswers = 30_000;

    /// <summary>No number of the kernel's that a socket gives: something was read, but no piece.</summary>
    private const int NoPiece = -(int)Errno.Interrupted;

    /// <summary>Some rules of plain streams do not hold for it.</summary>
    private bool _isApart;

    private bool _isFramed;
    private bool _isTooLong;
    private bool _awaitsAnswer;
    private LengthDeframer _deframer;
    private byte[]? _store;
    private bool _storeIsOwn;

    private void ForgetPieces() =>
        (_isApart, _isFramed, _isTooLong, _awaitsAnswer, _deframer) = (false, false, false, false, default);

    /// <summary>There is a backend, and it or the client is none that simply carries bytes.</summary>
    private void BeginPieces()
    {
        _client.KeepsMessages = _plan.KeepsMessages;
        _server.KeepsMessages = _connect.KindTo(Backend!.State.Address) != SocketKind.Stream;
        _server.IsPipe = _connect.Means == ConnectMeans.Pipe;
        _isFramed = _connect.IsFramed && _client.KeepsMessages != _server.KeepsMessages;
        _awaitsAnswer = _connect.Means == ConnectMeans.Datagrams;
        _client.IsApart = _server.IsApart = _client.KeepsMessages | _server.KeepsMessages | _server.IsPipe | HasTls;
        _isApart = true;
    }

    /// <summary>One read, and the sending on of what it gave. Returns the bytes sent.</summary>
    private int TransferPiece(ref Side from, ref Side to)
    {
        var scratch = Reactor.Scratch;
        if (IsLost(from))
        {
            EndOrWait(ref from, ref to, -(int)Errno.ConnectionReset);
            return 0;
        }
        if (to.KeepsMessages && !_isFramed && !Reactor.Buffers.HasRoom)
        {
            return TransferSeen(ref from, ref to, scratch);
        }
        var count = ReadPiece(ref from, scratch);
        if (count > 0)
        {
            to.MoreFollows = from.IsEnding;
            return PassOn(ref to, scratch.Slice(0, count));
        }
        if (count != NoPiece)
        {
            EndOrWait(ref from, ref to, count);
        }
        return 0;
    }

    /// <summary>No buffer is left: it is looked at, and only taken when it went.</summary>
    private int TransferSeen(ref Side from, ref Side to, Span<byte> scratch)
    {
        var count = from.KeepsMessages
            ? _relay.Io.ReceiveMessage(from.Descriptor, scratch, peeks: true)
            : _relay.Io.Peek(from.Descriptor, scratch[..Math.Min(scratch.Length, MaxDatagram)]);
        if (count > scratch.Length)
        {
            EndOfTooLong();
            return 0;
        }
        if (count <= 0)
        {
            // Nothing else comes before what is taken away by that.
            count = count == 0 ? ReadPiece(ref from, scratch) : count;
            if (count != NoPiece)
            {
                EndOrWait(ref from, ref to, count);
            }
            return 0;
        }
        var sent = _relay.Io.Send(to.Descriptor, scratch[..count]);
        if (sent == count)
        {
            NoteAnswer(from);
            _ = _relay.Io.Receive(from.Descriptor, scratch[..count]);
            return sent;
        }
        NoteUnsentMessage(ref to, sent);
        return 0;
    }

    /// <summary>The next piece: its length; 0 at the end, or a negative errno, or <see cref="NoPiece"/>.</summary>
    private int ReadPiece(ref Side from, Span<byte> buffer)
    {
        if (from.IsPipe)
        {
            // It is there to be written to; all that can come is the news that nobody reads it.
            return from.Failed | from.Broken ? -(int)Errno.BrokenPipe : -(int)Errno.TryAgain;
        }
        if (IsLost(from))
        {
            return -(int)Errno.ConnectionReset;
        }
        if (from.Tls is { } tls)
        {
            return ReadTls(ref from, tls, buffer);
        }
        if (!from.KeepsMessages)
        {
            return _isFramed ? ReadFramed(from, buffer)
                : HasTls ? ReadForTls(ref from, buffer)
                : _relay.Io.Receive(from.Descriptor, buffer[..Math.Min(buffer.Length, MaxDatagram)]);
        }
        var count = _relay.Io.ReceiveMessage(from.Descriptor, buffer, peeks: false);
        if (count > buffer.Length)
        {
            EndOfTooLong();
            return -(int)Errno.MessageTooLong;
        }
        if (count > 0)
        {
            NoteAnswer(from);
        }
        return count == 0 && (!from.HangUp || IsOfDatagrams(from)) ? NoPiece : count;
    }

    /// <summary>For stages, which know no pieces without a byte.</summary>
    private int ReadWhole(ref Side from, Span<byte> buffer)
    {
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            if (ReadPiece(ref from, buffer) is var count && count != NoPiece)
            {
                return count;
            }
        }
        from.IsWoken = true;
        return -(int)Errno.TryAgain;
    }

    /// <summary>A read brings at most what is missing of a message, and the length of the next.</summary>
    private int ReadFramed(in Side from, Span<byte> buffer)
    {
        var wanted = _deframer.Missing + (_deframer.HasLength ? LengthFraming.PrefixLength : 0);
        var count = _relay.Io.Receive(from.Descriptor, buffer[..Math.Min(buffer.Length, wanted)]);
        if (count <= 0)
        {
            return count;
        }
        ReadOnlySpan<byte> data = buffer[..count];
        var isWhole = _deframer.TryRead(ref data, _store, out var message);
        if (!isWhole && !data.IsEmpty)
        {
            RentStore();
            isWhole = _deframer.TryRead(ref data, _store, out message);
        }
        if (!isWhole)
        {
            return NoPiece;
        }
        var length = message.Length;
        _ = _deframer.TryRead(ref data, [], out _);
        if (_store is not null)
        {
            if (length > buffer.Length)
            {
                EndOfTooLong();
                return -(int)Errno.MessageTooLong;
            }
            message.CopyTo(buffer);
            ReturnStore();
        }
        return length == 0 ? NoPiece : length;
    }

    /// <summary>Sends on a piece. Returns the bytes sent.</summary>
    private int PassOn(ref Side to, ReadOnlySpan<byte> piece) =>
        to.KeepsMessages ? SendMessage(ref to, piece)
        : _isFramed ? SendFramed(ref to, piece)
        : SendOrKeep(ref to, piece);

    private int SendMessage(ref Side to, ReadOnlySpan<byte> message)
    {
        var sent = _relay.Io.Send(to.Descriptor, message);
        if (sent == message.Length)
        {
            return sent;
        }
        NoteUnsentMessage(ref to, sent);
        if (!to.Broken)
        {
            Keep(ref to, message);
        }
        return 0;
    }

    /// <summary>Its length and itself are one piece of the stream, also where that takes only a part of them.</summary>
    private int SendFramed(ref Side to, ReadOnlySpan<byte> message)
    {
        var length = LengthFraming.PrefixLength + message.Length;
        if (length > Reactor.Options.BufferSize || message.Length > LengthFraming.MaxMessage)
        {
            EndOfTooLong();
            return 0;
        }
        var buffer = RentOverflow(ref to, length);
        LengthFraming.WriteLength(buffer, message.Length);
        message.CopyTo(buffer[LengthFraming.PrefixLength..]);
        var sent = Send(ref to, buffer);
        to.OverflowStart = sent;
        if (sent == length || to.Broken)
        {
            Drop(ref to);
        }
        return sent;
    }

    private void NoteUnsentMessage(ref Side to, int result)
    {
        if (result == -(int)Errno.MessageTooLong)
        {
            EndOfTooLong();
        }
        NoteUnsent(ref to, result);
    }

    /// <summary>Nobody accepts datagrams; that the backend is there shows when it says something.</summary>
    private void NoteAnswer(in Side from)
    {
        if (_awaitsAnswer && from.Descriptor == _server.Descriptor)
        {
            _awaitsAnswer = false;
            Backend!.Succeed();
        }
    }

    private void EndOfTooLong()
    {
        _isTooLong = true;
        _client.Break();
        _server.Break();
        _client.Ended = _server.Ended = true;
    }

    /// <summary>A side has said all to one that no end can be told. True: that is all there is to do.</summary>
    private bool EndsUntold(ref Side from, ref Side to)
    {
        if (to.IsPipe)
        {
            // It ends when it is closed, and nothing will come back.
            from.Finished = to.Finished = true;
            return true;
        }
        if (!IsOfDatagrams(to))
        {
            return false;
        }
        to.Finished = true;
        Reactor.SetTimer(this, LastAnswers);
        return true;
    }

    /// <summary>What ends such a session beside what ends every one. True: it has ended.</summary>
    private bool HasEndedApart()
    {
        if (_isTooLong)
        {
            _cell.DroppedTooLong++;
            Backend!.Cell.DroppedTooLong++;
            _end = SessionEnd.TooLong;
            Abort();
            return true;
        }
        if (HasProgramSaidAll())
        {
            if (_hasProgramFailed && _bytesOut == 0)
            {
                Backend!.Break();
            }
            EndInPeace();
            return true;
        }
        return false;
    }

    /// <summary>The client has ended, and the backend has answered what it wanted to. True: it is not a matter of idling.</summary>
    private bool HasHeardLastAnswers()
    {
        if (!_server.Finished || !IsOfDatagrams(_server))
        {
            return false;
        }
        var silent = Reactor.Now - _lastActivity;
        if (silent < LastAnswers)
        {
            Reactor.SetTimer(this, LastAnswers - silent);
            return true;
        }
        EndInPeace();
        return true;
    }

    private void EndInPeace()
    {
        _ = _relay.Io.Close(_client.Descriptor);
        _ = _relay.Io.Close(_server.Descriptor);
        _end = SessionEnd.Closed;
        End();
    }

    /// <summary>Datagrams could not be sent there, which is told once: who reads hears nothing of it any more.</summary>
    private bool IsLost(in Side from) => from.Broken && IsOfDatagrams(from);

    private bool IsOfDatagrams(in Side side) =>
        side.Descriptor == _server.Descriptor && _connect.Means == ConnectMeans.Datagrams;

    private void RentStore()
    {
        _store = Reactor.Buffers.TryRent();
        _storeIsOwn = _store is null || _store.Length < _deframer.StoreLength;
        if (_storeIsOwn)
        {
            if (_store is not null)
            {
                Reactor.Buffers.Return(_store);
            }
            _store = new byte[_deframer.StoreLength];
        }
    }

    private void ReturnStore()
    {
        if (_store is { } store)
        {
            _store = null;
            if (!_storeIsOwn)
            {
                Reactor.Buffers.Return(store);
            }
        }
    }
}
