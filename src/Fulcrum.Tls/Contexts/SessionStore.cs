using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// The newest sessions that a client can resume. A ticket of TLS 1.3 is used once, so that nobody who listens can tell
/// that two connections come from the same client (RFC 8446 appendix C.4); a session of TLS 1.2 stays. When it is full
/// the oldest one goes. Shared by all loops.
/// </summary>
internal sealed class SessionStore
{
    /// <summary>A burst of connections ends with as many sessions; more would only grow old.</summary>
    public const int Most = 8;

    private const int Tls13 = 0x0304;

    private readonly Lock _lock = new();
    private readonly nint[] _sessions = new nint[Most];
    private int _count;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Takes over the caller's hold on the session.</summary>
    public void Add(nint session)
    {
        nint oldest = 0;
        lock (_lock)
        {
            if (_count == Most)
            {
                oldest = _sessions[0];
                Array.Copy(_sessions, 1, _sessions, 0, --_count);
            }
            _sessions[_count++] = session;
        }
        if (oldest != 0)
        {
            Ssl.FreeSession(oldest);
        }
    }

    /// <summary>Lets a connection that has not begun resume the newest session.</summary>
    public void Offer(nint ssl)
    {
        nint session;
        lock (_lock)
        {
            if (_count == 0)
            {
                return;
            }
            session = _sessions[--_count];
        }
        _ = Ssl.SetSession(ssl, session);
        if (Ssl.VersionOfSession(session) < Tls13)
        {
            Add(session);
            return;
        }
        Ssl.FreeSession(session);
    }

    public void Clear()
    {
        lock (_lock)
        {
            while (_count > 0)
            {
                Ssl.FreeSession(_sessions[--_count]);
            }
        }
    }
}
