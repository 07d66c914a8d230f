using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fulcrum.Health.Tls;

/// <summary>
/// The client's side of one TLS connection (RFC 8446, RFC 5246), without sockets and threads: a loop feeds what came
/// from the server and sends what comes out.
/// <para>
/// Below is <see cref="SslStream"/> over a <see cref="LoopStream"/>. Whenever bytes are fed, its handshake and reads go
/// on inside of the call as far as they can, on the calling thread: no task of it ever waits for anything but these
/// bytes, and verifying needs no network. So after each call it is enough to look which task has completed.
/// </para>
/// <para>
/// Bounds: a handshake has <see cref="MaxHandshake"/> bytes. Plain bytes are decrypted only when the former were taken,
/// and meanwhile <see cref="Room"/> says how much more may be fed, finally nothing: then the socket is not to be read.
/// </para>
/// Nothing that a server sends makes it throw. Owned by one loop.
/// </summary>
internal sealed class TlsClient(TlsClientSettings settings) : IDisposable
{
    public const int MaxHandshake = 256 * 1024;

    private const int MaxUnread = 32 * 1024;
    private const int PlainSize = 4096;

    private readonly LoopStream _cipher = new();
    private readonly byte[] _beginning = new byte[16];
    private SslStream? _ssl;
    private Task? _handshake;
    private Task<int>? _read;
    private byte[] _buffer = [];
    private (int Start, int End) _plain;
    private long _fed;
    private bool _ended;
    private bool _answered;
    private string? _fault;
    private X509Certificate2? _certificate;

    public TlsClientState State { get; private set; }

    /// <summary>Why it failed, for people; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Set once the handshake is done.</summary>
    public TlsSession? Session { get; private set; }

    /// <summary>How many bytes may be fed now.</summary>
    public int Room => State is TlsClientState.Handshaking or TlsClientState.Open ? MaxUnread - _cipher.Unread : 0;

    /// <summary>Bytes for the socket, also of a client that failed: an alert tells the server why.</summary>
    public ReadOnlySpan<byte> Output => _cipher.Output;

    /// <summary>Bytes from the server, decrypted, also of one that has ended.</summary>
    public ReadOnlySpan<byte> Plain => _buffer.AsSpan(_plain.Start, _plain.End - _plain.Start);

    public void AdvanceOutput(int count) => _cipher.AdvanceOutput(count);

    /// <summary>These bytes of <see cref="Plain"/> are taken; the next come into it.</summary>
    public void AdvancePlain(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Plain.Length, nameof(count));
        _plain.Start += count;
        using var scope = new InlineScope();
        Go();
    }

    /// <summary>Begins the handshake.</summary>
    public void Start()
    {
        using var scope = new InlineScope();
        _ssl = new(_cipher, leaveInnerStreamOpen: false, Accept);
        _handshake = _ssl.AuthenticateAsClientAsync(settings.Options, CancellationToken.None);
        Go();
    }

    /// <summary>Takes bytes from the server. After the end or a failure they are dropped.</summary>
    /// <param name="cipher">At most <see cref="Room"/> bytes.</param>
    public void Feed(ReadOnlySpan<byte> cipher)
    {
        if (State is not (TlsClientState.Handshaking or TlsClientState.Open) || cipher.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(cipher.Length, Room, nameof(cipher));
        if (IsNoTls(cipher))
        {
            return;
        }

        _fed += cipher.Length;
        using var scope = new InlineScope();
        _cipher.Feed(cipher);
        Go();
        if (State == TlsClientState.Handshaking && _fed > MaxHandshake)
        {
            Fail($"the handshake is longer than {MaxHandshake} bytes");
        }
    }

    /// <summary>The server has closed the connection.</summary>
    public void End()
    {
        using var scope = new InlineScope();
        _ended = true;
        _cipher.End();
        Go();
    }

    /// <summary>Encrypts; see <see cref="Output"/>, which grows by as much.</summary>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public void Send(ReadOnlySpan<byte> plain)
    {
        if (State != TlsClientState.Open)
        {
            throw new InvalidOperationException($"nothing can be sent: {State}");
        }

        using var scope = new InlineScope();
        var write = _ssl!.WriteAsync(plain.ToArray()).AsTask();
        if (!write.IsCompleted)
        {
            // Only a new handshake in the middle (post-handshake authentication, RFC 8446 section 4.6.2) holds up a write.
            Fail("the server asked for a new handshake");
        }

        if (write.Exception is { } exception)
        {
            Fail(Describe(exception));
        }
    }

    /// <summary>Releases everything, whatever is going on.</summary>
    public void Dispose()
    {
        using var scope = new InlineScope();
        Release();
        _cipher.Dispose();
        if (State is TlsClientState.Handshaking or TlsClientState.Open)
        {
            State = TlsClientState.Ended;
        }
    }

    private void Go()
    {
        if (State == TlsClientState.Handshaking && _handshake is { IsCompleted: true })
        {
            if (_handshake.Exception is { } exception)
            {
                Fail(Describe(exception));
                return;
            }

            Open();
        }

        while (State == TlsClientState.Open && Plain.IsEmpty)
        {
            _read ??= _ssl!.ReadAsync(_buffer).AsTask();
            if (!_read.IsCompleted)
            {
                return;
            }

            OnRead(_read);
        }
    }

    private void Open()
    {
        _buffer = new byte[PlainSize];
        Session = new(
            _ssl!.SslProtocol,
            _ssl.NegotiatedApplicationProtocol.Protocol.IsEmpty ? null : _ssl.NegotiatedApplicationProtocol.ToString(),
            new DateTimeOffset(_certificate!.NotAfter).ToUniversalTime(),
            CertificateNames.Of(_certificate)
        );
        State = TlsClientState.Open;
    }

    private void OnRead(Task<int> read)
    {
        _read = null;
        if (read.Exception is { } exception)
        {
            Fail(Describe(exception));
        }
        else if (read.Result == 0)
        {
            State = TlsClientState.Ended;
            Release();
        }
        else
        {
            _answered = true;
            _plain = (0, read.Result);
        }
    }

    // Is called within the handshake. Nothing may leave it: below is OpenSSL.
    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _certificate = certificate as X509Certificate2;
        _fault =
            _certificate is null || chain is null ? "the server shows no certificate"
            : settings.Verify ? CertificateFault.In(_certificate, chain, errors, settings.Host)
            : null;
        return _fault is null;
    }

    // A server begins with a record that holds a handshake message or an alert (RFC 8446 section 5.1).
    private bool IsNoTls(ReadOnlySpan<byte> cipher)
    {
        if (_fed >= _beginning.Length)
        {
            return false;
        }

        var known = (int)_fed;
        var count = Math.Min(_beginning.Length - known, cipher.Length);
        cipher[..count].CopyTo(_beginning.AsSpan(known));
        var beginning = _beginning.AsSpan(0, known + count);
        if (beginning[0] is 21 or 22 && (beginning.Length == 1 || beginning[1] == 3))
        {
            return false;
        }

        Fail($"the server speaks no TLS (first bytes: {FirstBytes(beginning)})");
        return true;
    }

    private static string FirstBytes(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.TrimEnd("\r\n"u8);
        return text.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Convert.ToHexString(bytes)
            : Encoding.ASCII.GetString(text);
    }

    private string Describe(Exception exception)
    {
        if (_fault is not null)
        {
            return _fault;
        }

        if (TlsAlert.In(exception.InnerException) is { } alert)
        {
            // In TLS 1.3 a server looks at what a client shows when the client has finished.
            return _answered
                ? $"the server gave up: {TlsAlert.Name(alert)}"
                : $"the server refused the handshake: {TlsAlert.Name(alert)}";
        }

        if (_ended)
        {
            return State == TlsClientState.Open ? "closed in the middle of a record" : "closed during the handshake";
        }

        // The innermost is OpenSSL's: error:NUMBER:LIBRARY::REASON.
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        var reason = exception.Message.Split("::")[^1];
        return State == TlsClientState.Open ? $"the connection is damaged: {reason}" : $"handshake failed: {reason}";
    }

    private void Fail(string failure)
    {
        State = TlsClientState.Failed;
        Failure = failure;
        Release();
    }

    // What still waits for bytes is told that none will come, so that it ends and lets go of its buffers.
    private void Release()
    {
        _cipher.End();
        _ = _handshake?.Exception;
        _ = _read?.Exception;
        _ssl?.Dispose();
        _certificate?.Dispose();
        (_ssl, _handshake, _read) = (null, null, null);
    }
}
