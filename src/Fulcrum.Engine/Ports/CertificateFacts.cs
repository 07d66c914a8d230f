using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a certificate says of itself.</summary>
public sealed record CertificateFacts
{
    /// <summary>Names that it holds for; a wildcard as it is written.</summary>
    public required Items<string> Names { get; init; }

    public required string Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Kind and size: <c>ECDSA P-256</c>, <c>RSA 2048</c>.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256, in hexadecimal digits.</summary>
    public required string Fingerprint { get; init; }
}
