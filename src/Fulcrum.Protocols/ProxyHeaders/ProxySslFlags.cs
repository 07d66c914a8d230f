namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>How the client came to the proxy.</summary>
[Flags]
public enum ProxySslFlags
{
    None = 0,

    /// <summary>Over TLS.</summary>
    Tls = 1,

    /// <summary>With a certificate shown on this connection.</summary>
    CertificateOnConnection = 2,

    /// <summary>With a certificate shown at least once in the TLS session that the connection belongs to.</summary>
    CertificateInSession = 4,
}
