using System.Buffers.Binary;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Bench.Traffic.Hasty;

/// <summary>
/// A client of TLS 1.3 (RFC 8446) that is cheaper than any server. It says on the wire what OpenSSL's says, and a server
/// has the same work with it; but it looks at no certificate, verifies no signature, has one key for all its handshakes
/// and knows one cipher suite. With a client that does all it should, which costs twice what a server's end does, a load
/// generator that has as many processors as the proxy never finds out what the proxy can do.
/// <para>
/// What is wrong with a record all the same fails, for the keys do not fit then. It knows no resumption, no update of keys
/// and no second hello. Nobody is to use it for anything but this.
/// </para>
/// </summary>
internal sealed class HastyClient : ISecureClient
{
    private const int HeaderLength = 5;
    private const int Room = 8 * 1024;
    private const byte ChangeCipher = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Data = 23;
    private const byte Finished = 20;
    private const byte ServerHello = 2;

    /// <summary>What there is of a record before the rest of it has come.</summary>
    private readonly byte[] _input = new byte[Room];

    /// <summary>All handshake messages so far (RFC 8446 section 4.4.1).</summary>
    private readonly byte[] _heard = new byte[Room];
    private int _inputLength;
    private int _heardLength;
    private int _readUntil;
    private bool _hasSaidHello;
    private KeySchedule? _schedule;
    private RecordKeys? _theirs;
    private RecordKeys? _ours;

    public bool IsEstablished { get; private set; }

    public bool IsResumed => false;

    public string Agreed => "Tls13, TLS_AES_128_GCM_SHA256";

    public TlsTurn Receive(ReadOnlySpan<byte> wire, Span<byte> plain, Span<byte> reply)
    {
        var written = 0;
        if (!_hasSaidHello)
        {
            _hasSaidHello = true;
            written = ClientHello.Write(reply);
            Hear(reply[HeaderLength..written]);
        }

        if (!wire.TryCopyTo(_input.AsSpan(_inputLength)))
        {
            return new(TlsOutcome.Failed, 0, 0, written);
        }

        _inputLength += wire.Length;
        var (at, heard) = (0, 0);
        while (Length(at) is > 0 and var length && at + length <= _inputLength)
        {
            var record = _input.AsSpan(at, length);
            at += length;
            var outcome = Take(record, plain[heard..], reply[written..], out var count, out var said);
            (heard, written) = (heard + count, written + said);
            if (outcome != TlsOutcome.Continue)
            {
                return new(outcome, wire.Length, heard, written);
            }
        }

        _inputLength -= at;
        _input.AsSpan(at, _inputLength).CopyTo(_input);
        return new(TlsOutcome.Continue, wire.Length, heard, written);
    }

    public TlsTurn Send(ReadOnlySpan<byte> plain, Span<byte> wire) =>
        new(TlsOutcome.Continue, plain.Length, 0, _ours!.Seal(Data, plain, wire));

    public TlsTurn Finish(Span<byte> wire) =>
        // A warning: close_notify.
        new(TlsOutcome.Continue, 0, 0, _ours!.Seal(Alert, [1, 0], wire));

    public void Dispose()
    {
        _theirs?.Dispose();
        _ours?.Dispose();
    }

    /// <summary>Of the record that begins there; 0: its head has not come.</summary>
    private int Length(int at) =>
        _inputLength - at < HeaderLength
            ? 0
            : HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_input.AsSpan(at + HeaderLength - sizeof(ushort)));

    private TlsOutcome Take(Span<byte> record, Span<byte> plain, Span<byte> reply, out int heard, out int said)
    {
        (heard, said) = (0, 0);
        var content = record[HeaderLength..];
        var type = record[0];
        if (type == Data && _theirs is not null && !_theirs.TryOpen(record, out type, out content))
        {
            return TlsOutcome.Failed;
        }

        switch (type)
        {
            case ChangeCipher:
                return TlsOutcome.Continue;
            case Handshake when IsEstablished:
                // A ticket.
                return TlsOutcome.Continue;
            case Handshake when content.Length <= Room - _heardLength:
                Hear(content);
                return Read(reply, out said);
            case Data when IsEstablished:
                content.CopyTo(plain);
                heard = content.Length;
                return TlsOutcome.Continue;
            case Alert when IsEstablished && content is [_, 0]:
                return TlsOutcome.Ended;
            default:
                return TlsOutcome.Failed;
        }
    }

    private void Hear(ReadOnlySpan<byte> messages)
    {
        messages.CopyTo(_heard.AsSpan(_heardLength));
        _heardLength += messages.Length;
        if (_readUntil == 0)
        {
            // Our own hello.
            _readUntil = _heardLength;
        }
    }

    /// <summary>Looks at the messages that are whole.</summary>
    private TlsOutcome Read(Span<byte> reply, out int said)
    {
        said = 0;
        while (_heardLength - _readUntil >= 4)
        {
            var length = 4 + (int)(BinaryPrimitives.ReadUInt32BigEndian(_heard.AsSpan(_readUntil)) & 0xFFFFFF);
            if (_heardLength - _readUntil < length)
            {
                break;
            }

            var message = _heard.AsSpan(_readUntil, length);
            _readUntil += length;
            if (message[0] == ServerHello && _schedule is null)
            {
                if (ClientHello.FindShare(message) is not { Length: KeyShare.Length } share)
                {
                    return TlsOutcome.Failed;
                }

                _schedule = KeySchedule.Begin(KeyShare.Agree(share), _heard.AsSpan(0, _readUntil));
                _theirs = new(_schedule.OfServer);
            }
            else if (message[0] == Finished && _schedule is not null)
            {
                said = End(reply);
            }
        }

        return TlsOutcome.Continue;
    }

    /// <summary>Says that the handshake is over, and changes to the keys of the application.</summary>
    private int End(Span<byte> reply)
    {
        var schedule = _schedule!;
        var transcript = _heard.AsSpan(0, _heardLength);
        // Means nothing, and everybody says it (RFC 8446 appendix D.4).
        ReadOnlySpan<byte> change = [ChangeCipher, 3, 3, 0, 1, 1];
        change.CopyTo(reply);
        Span<byte> finished = stackalloc byte[4 + KeySchedule.HashLength];
        (finished[0], finished[3]) = (Finished, KeySchedule.HashLength);
        schedule.Finish(transcript, finished[4..]);
        int written;
        using (var keys = new RecordKeys(schedule.OfClient))
        {
            written = change.Length + keys.Seal(Handshake, finished, reply[change.Length..]);
        }

        schedule.BeginData(transcript);
        _theirs!.Dispose();
        (_theirs, _ours) = (new(schedule.OfServer), new(schedule.OfClient));
        IsEstablished = true;
        return written;
    }
}
