using Fulcrum.Tls.Contexts;

namespace Fulcrum.Proxy.Securing;

/// <summary>How TLS is spoken to a backend: read by every loop, and replaced when files change.</summary>
internal sealed class BackendTls(TlsClient current)
{
    private volatile TlsClient _current = current;

    public TlsClient Current
    {
        get => _current;
        set => _current = value;
    }
}
