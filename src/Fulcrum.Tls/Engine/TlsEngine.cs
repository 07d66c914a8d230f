using System.Runtime.InteropServices;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Engine;

/// <summary>
/// One end of a TLS connection (RFC 8446, RFC 5246) as a codec: bytes of the wire go in and bytes of the application come
/// out, and the other way round. It knows no socket and never waits, so a loop keeps its own rules of reading, sending and
/// owing, and a test its simulated kernel.
/// <para>
/// OpenSSL does the work. It reads and writes through a BIO of ours that points at the spans of the call, so nothing is
/// copied into buffers between, and it gives its own buffers back whenever they are empty: an idle connection keeps only
/// its keys and its state.
/// </para>
/// Owned by one loop.
/// </summary>
public sealed unsafe partial class TlsEngine : IDisposable
{
    /// <summary>So much more than it was given may come out of a turn: a record that had begun before.</summary>
    public const int MaxBuffered = 17 * 1024;

    /// <summary>Room that every answer to what is received fits in, but for the longest chains of certificates.</summary>
    public const int UsualReply = 16 * 1024;

    /// <summary>RFC 8446 section 5.1.</summary>
    private const int RecordLength = 16 * 1024;

    /// <summary>Head, nonce, padding and tag of the most generous cipher of TLS 1.2.</summary>
    private const int RecordOverhead = 96;

    /// <summary>More than a ticket takes.</summary>
    private const int RoomForTicket = 16 * 1024;

    private readonly Wire* _wire;
    private readonly ContextState _state;
    private readonly bool _isServer;
    private nint _ssl;
    private bool _owesTicket;
    private bool _isFinished;

    private TlsEngine(ContextHandle context, ContextState state, string serverName, bool isServer)
    {
        (_state, ServerName, _isServer) = (state, serverName, isServer);
        _ssl = Ssl.New(context);
        if (_ssl == 0)
        {
            throw TlsException.FromLibrary("no memory for a connection");
        }
        _wire = (Wire*)NativeMemory.AllocZeroed((nuint)sizeof(Wire));
        try
        {
            var bio = Wire.NewBio(_wire);
            Ssl.SetBio(_ssl, bio, bio);
        }
        catch
        {
            Dispose();
            throw;
        }
        if (isServer)
        {
            Ssl.SetAccepting(_ssl);
        }
        else
        {
            Ssl.SetConnecting(_ssl);
        }
    }

    /// <summary>The handshake is over, and both may say what they want.</summary>
    public bool IsEstablished { get; private set; }

    internal nint Handle => _ssl;

    /// <summary>So many bytes of the wire may become of so many of the application.</summary>
    public static int WireLength(int plain) => plain + (((plain / RecordLength) + 1) * RecordOverhead);

    internal static TlsEngine Server(ContextHandle context, ContextState state, string serverName) =>
        new(context, state, serverName, isServer: true);

    internal static TlsEngine Client(ContextHandle context, ContextState state, string serverName) =>
        new(context, state, serverName, isServer: false);

    /// <summary>
    /// Takes what has come from the peer. A client calls it with nothing to begin; whoever is told that room was missing
    /// calls it again with what was not taken, even if that is nothing.
    /// </summary>
    /// <param name="wire">What came.</param>
    /// <param name="plain">
    /// For the application; room for what comes and <see cref="MaxBuffered"/> more. Without any, only the handshake goes on,
    /// and what is behind it is held back until there is room.
    /// </param>
    /// <param name="reply">For the peer.</param>
    public TlsTurn Receive(ReadOnlySpan<byte> wire, Span<byte> plain, Span<byte> reply)
    {
        fixed (
            byte* input = wire,
                output = plain,
                answer = reply
        )
        {
            Open(input, wire.Length, answer, reply.Length);
            if (!IsEstablished)
            {
                var result = Ssl.Handshake(_ssl);
                if (result != 1)
                {
                    return Close(result, wire.Length, reply.Length, 0);
                }
                IsEstablished = true;
                _owesTicket = _isServer && _state.Tickets is not null && Version == TlsVersion.Tls13;
                if (!FindAlpn())
                {
                    return Close(wire.Length, reply.Length, TlsOutcome.Failed);
                }
            }
            return Read(wire.Length, output, plain.Length, reply.Length);
        }
    }

    /// <summary>
    /// Makes records of what the application says. Who is told that room was missing comes again with the rest. With the
    /// first of them a client of TLS 1.3 gets a ticket: one, for with its next connection it gets the next, and not before
    /// there is something to be sent with it, for by itself it is a packet more, and for who only closes it is wasted.
    /// </summary>
    /// <param name="plain">What it says.</param>
    /// <param name="wire">For the peer; with <see cref="WireLength"/> of room all of it is taken.</param>
    public TlsTurn Send(ReadOnlySpan<byte> plain, Span<byte> wire)
    {
        fixed (
            byte* input = plain,
                output = wire
        )
        {
            Open(null, 0, output, wire.Length);
            var givesTicket = _owesTicket && wire.Length - WireLength(plain.Length) >= RoomForTicket;
            if (givesTicket)
            {
                _owesTicket = false;
                _ = Ssl.OrderTicket(_ssl);
            }
            var taken = 0;
            var result = 1;
            while (taken < plain.Length && result > 0)
            {
                result = Ssl.Write(_ssl, input + taken, plain.Length - taken);
                taken += Math.Max(0, result);
            }
            if (givesTicket)
            {
                GiveBuffersBack();
            }
            return Close(result, 0, wire.Length, 0) with { Taken = taken };
        }
    }

    /// <summary>Says that nothing more comes from here (close_notify, RFC 8446 section 6.1); the peer may go on.</summary>
    public TlsTurn Finish(Span<byte> wire)
    {
        if (!IsEstablished || _isFinished)
        {
            return default;
        }
        fixed (byte* output = wire)
        {
            Open(null, 0, output, wire.Length);
            var result = Ssl.Shutdown(_ssl);
            var turn = Close(result < 0 ? result : 1, 0, wire.Length, 0);
            // A second call would read for the peer's end, and lose what comes before it.
            _isFinished = turn.Outcome != TlsOutcome.NeedsRoom;
            return turn;
        }
    }

    public void Dispose()
    {
        if (_ssl == 0)
        {
            return;
        }
        if (Error == 0 && IsEstablished)
        {
            // However the connection goes, what was agreed on is as good as it was.
            Ssl.SetShutdown(_ssl, Ssl.BothEnded);
        }
        Ssl.Free(_ssl);
        _ssl = 0;
        NativeMemory.Free(_wire);
    }

    /// <summary>Asks for a name (RFC 6066 section 3), which has a zero at its end.</summary>
    internal void Ask(byte[]? name)
    {
        const int SetName = 55;
        fixed (byte* text = name)
        {
            if (text is not null)
            {
                _ = Ssl.Control(_ssl, SetName, 0, text);
            }
        }
    }

    /// <summary>
    /// For a ticket, given or taken, the library takes buffers for both directions, and keeps the one that it did not need.
    /// </summary>
    private void GiveBuffersBack() => _ = Ssl.FreeBuffers(_ssl);

    private TlsTurn Read(int given, byte* output, int room, int replyRoom)
    {
        var count = 0;
        while (count < room)
        {
            var result = Ssl.Read(_ssl, output + count, room - count);
            if (!_isServer)
            {
                GiveBuffersBack();
            }
            if (result <= 0)
            {
                return Close(result, given, replyRoom, count);
            }
            count += result;
            // Asking once more than needed would make the library take a buffer and give it back.
            if (_wire->InputLeft == 0 && Ssl.HasPending(_ssl) == 0)
            {
                break;
            }
        }
        return Close(1, given, replyRoom, count);
    }

    private void Open(byte* input, int inputLength, byte* output, int outputLength)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        Crypto.ClearErrors();
        _wire->Input = input;
        _wire->InputLeft = inputLength;
        _wire->Output = output;
        _wire->OutputLeft = outputLength;
    }

    private TlsTurn Close(int result, int given, int room, int plain) =>
        Close(given, room, result > 0 ? TlsOutcome.Continue : Judge(Ssl.ErrorOf(_ssl, result)), plain);

    private TlsTurn Close(int given, int room, TlsOutcome outcome, int plain = 0)
    {
        var turn = new TlsTurn(outcome, given - _wire->InputLeft, plain, room - _wire->OutputLeft);
        *_wire = default;
        return turn;
    }

    private TlsOutcome Judge(int error)
    {
        switch (error)
        {
            case Ssl.WantRead:
                return TlsOutcome.Continue;
            case Ssl.WantWrite:
                return TlsOutcome.NeedsRoom;
            case Ssl.Ended:
                return TlsOutcome.Ended;
            default:
                KeepError();
                return TlsOutcome.Failed;
        }
    }
}
