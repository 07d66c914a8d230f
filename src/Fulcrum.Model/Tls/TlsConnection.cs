using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

public enum TlsVerify
{
    /// <summary>Against the system's authorities.</summary>
    System,

    /// <summary>Against <see cref="TlsConnection.Authorities"/>.</summary>
    Authorities,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>TLS towards a backend.</summary>
public sealed record TlsConnection
{
    public TlsVerify Verify { get; init; }

    /// <summary>A file of authorities' certificates.</summary>
    public string? Authorities { get; init; }

    /// <summary>The name asked for and verified. Null: the backend's name, if it has one.</summary>
    public string? ServerName { get; init; }

    public Items<string> Alpn { get; init; }

    /// <summary>A certificate that expires sooner is warned of.</summary>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(14);

    /// <summary>What we show when asked.</summary>
    public CertificateReference? Certificate { get; init; }
}
