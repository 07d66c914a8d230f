using Fulcrum.Tls.Contexts;

namespace Fulcrum.Proxy.Securing;

/// <summary>What the clients of a listener are shown: read by every loop, and replaced when files change.</summary>
internal sealed class ListenerTls(TlsServer? current, long handshakeTimeout)
{
    private volatile TlsServer? _current = current;

    /// <summary>
    /// For handshakes that begin now; those that have begun end with what they began with. Null: there is no certificate
    /// yet.
    /// </summary>
    public TlsServer? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Milliseconds.</summary>
    public long HandshakeTimeout => handshakeTimeout;
}
