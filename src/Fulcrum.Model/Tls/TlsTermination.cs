using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

public enum TlsVersion
{
    Tls12,
    Tls13,
}

public enum UnknownName
{
    /// <summary>The first certificate is shown.</summary>
    Default,

    /// <summary>The handshake is refused (unrecognized_name, RFC 6066 section 3).</summary>
    Refuse,
}

/// <summary>A certificate chain with its key, in one file or two.</summary>
public sealed record CertificateReference(string File, string? KeyFile, SecretReference? Passphrase);

/// <summary>TLS ends here.</summary>
public sealed record TlsTermination
{
    public Items<CertificateReference> Certificates { get; init; }

    /// <summary>Names for which certificates are got by ACME (RFC 8555).</summary>
    public Items<string> Acme { get; init; }

    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    public Items<string> Alpn { get; init; }

    public UnknownName UnknownName { get; init; }

    /// <summary>Clients must show a certificate from one of these authorities.</summary>
    public string? ClientAuthorities { get; init; }

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A certificate that ends sooner is warned of. Null: 14 days, and of a short life its last third.</summary>
    public TimeSpan? WarnBefore { get; init; }
}
