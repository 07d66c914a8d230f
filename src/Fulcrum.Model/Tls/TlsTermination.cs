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

public enum ClientCertificateDemand
{
    /// <summary>Who shows none is not let in.</summary>
    Required,

    /// <summary>Who shows none is let in all the same.</summary>
    Optional,
}

/// <summary>TLS ends here.</summary>
public sealed record TlsTermination
{
    public Items<CertificateReference> Certificates { get; init; }

    /// <summary>Names for which certificates are got by ACME (RFC 8555).</summary>
    public Items<string> Acme { get; init; }

    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    public TlsProfile Profile { get; init; }

    /// <summary>For the exchange of keys, the best first, by their names in OpenSSL. Empty: the best that it knows.</summary>
    public Items<string> Groups { get; init; }

    public Items<string> Alpn { get; init; }

    public UnknownName UnknownName { get; init; }

    /// <summary>Clients are asked for a certificate from one of these authorities. Null: for none.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>Null: required where there are <see cref="ClientAuthorities"/>.</summary>
    public ClientCertificateDemand? ClientCertificate { get; init; }

    /// <summary>A file of the authorities' lists of certificates that they have taken back (RFC 5280 section 5).</summary>
    public string? ClientRevocations { get; init; }

    /// <summary>Of those who show a good certificate, whoever is one of these is let in. Empty: all are.</summary>
    public Items<ClientSubject> ClientSubjects { get; init; }

    /// <summary>What protects the tickets of clients. Null: as everywhere.</summary>
    public TicketSettings? Tickets { get; init; }

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A certificate that ends sooner is warned of. Null: 14 days, and of a short life its last third.</summary>
    public TimeSpan? WarnBefore { get; init; }

    /// <summary>All files that it is read from, but for what is got by ACME.</summary>
    public IEnumerable<string> Files =>
        Certificates
            .SelectMany(certificate => certificate.Files)
            .Concat(new[] { ClientAuthorities, ClientRevocations }.OfType<string>());
}
