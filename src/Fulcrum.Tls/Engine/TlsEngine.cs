using System.Runtime.InteropServices;
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
public sealed unsafe class TlsEngine : IDisposable
{
    /// <summary>So much more than it was given may come out of a turn: a record that had begun before.</summary>
    public const int MaxBuffered = 17 * 1024;

    /// <summary>Room that every answer to what is received fits in, but for the longest chains of certificates.</summary>
    public const int UsualReply = 16 * 1024;

    /// <summary>RFC 8446 section 5.1.</summary>
    private const int RecordLength = 16 * 1024;

    /// <summary>Head, nonce, padding and tag of the most generous cipher of TLS 1.2.</summary>
    private const int RecordOverhead = 96;

    private readonly Wire* _wire;
    private nint _ssl;

    private TlsEngine(nint context, bool isServer)
    {
        _ssl = Ssl.New(context);
        if (_ssl == 0)
        {
            throw TlsException.FromLibrary("no memory for a connection");
        }
        _wire = (Wire*)NativeMemory.AllocZeroed((nuint)sizeof(Wire));
        var bio = Wire.NewBio(_wire);
        Ssl.SetBio(_ssl, bio, bio);
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

    /// <summary>Keys of an earlier connection were used again.</summary>
    public bool IsResumed => Ssl.IsResumed(_ssl) != 0;

    /// <summary>The library's word for what went wrong; zero: nothing did.</summary>
    internal ulong Error { get; private set; }

    /// <summary>Why it failed, in words.</summary>
    public string? Problem => Error == 0 ? null : TlsException.Describe(Error);

    internal nint Handle => _ssl;

    /// <summary>So many bytes of the wire may become of so many of the application.</summary>
    public static int WireLength(int plain) => plain + (((plain / RecordLength) + 1) * RecordOverhead);

    internal static TlsEngine Server(nint context) => new(context, isServer: true);

    internal static TlsEngine Client(nint context) => new(context, isServer: false);

    /// <summary>
    /// Takes what has come from the peer. A client calls it with nothing to begin; whoever is told that room was missing
    /// calls it again with what was not taken.
    /// </summary>
    /// <param name="wire">What came.</param>
    /// <param name="plain">For the application; room for what comes and <see cref="MaxBuffered"/> more.</param>
    /// <param name="reply">For the peer.</param>
    public TlsTurn Receive(ReadOnlySpan<byte> wire, Span<byte> plain, Span<byte> reply)
    {
        fixed (byte* input = wire, output = plain, answer = reply)
        {
            Open(input, wire.Length, answer, reply.Length);
            var count = 0;
            int result;
            if (!IsEstablished)
            {
                result = Ssl.Handshake(_ssl);
                if (result != 1)
                {
                    return Close(result, wire.Length, reply.Length, 0);
                }
                IsEstablished = true;
            }
            do
            {
                result = Ssl.Read(_ssl, output + count, plain.Length - count);
                count += Math.Max(0, result);
            } while (result > 0 && count < plain.Length);
            return Close(result, wire.Length, reply.Length, count);
        }
    }

    /// <summary>Makes records of what the application says.</summary>
    /// <param name="plain">What it says.</param>
    /// <param name="wire">For the peer; with <see cref="WireLength"/> of room all of it is taken.</param>
    public TlsTurn Send(ReadOnlySpan<byte> plain, Span<byte> wire)
    {
        fixed (byte* input = plain, output = wire)
        {
            Open(null, 0, output, wire.Length);
            var taken = 0;
            var result = 1;
            while (taken < plain.Length && result > 0)
            {
                result = Ssl.Write(_ssl, input + taken, plain.Length - taken);
                taken += Math.Max(0, result);
            }
            return Close(result, 0, wire.Length, 0) with { Taken = taken };
        }
    }

    /// <summary>Says that nothing more comes from here; the peer may go on.</summary>
    public TlsTurn Finish(Span<byte> wire)
    {
        fixed (byte* output = wire)
        {
            Open(null, 0, output, wire.Length);
            _ = Ssl.Shutdown(_ssl);
            return Close(1, 0, wire.Length, 0);
        }
    }

    public void Dispose()
    {
        if (_ssl != 0)
        {
            Ssl.Free(_ssl);
            _ssl = 0;
            NativeMemory.Free(_wire);
        }
    }

    private void Open(byte* input, int inputLength, byte* output, int outputLength)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        Crypto.ClearErrors();
        (_wire->Input, _wire->InputLeft) = (input, inputLength);
        (_wire->Output, _wire->OutputLeft) = (output, outputLength);
    }

    private TlsTurn Close(int result, int given, int room, int plain)
    {
        var outcome = result > 0 ? TlsOutcome.Continue : Judge(Ssl.ErrorOf(_ssl, result));
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
                Error = Crypto.NextError();
                return TlsOutcome.Failed;
        }
    }
}
