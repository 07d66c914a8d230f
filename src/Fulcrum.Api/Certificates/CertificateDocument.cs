using Fulcrum.Engine.Deriving.Certificates;

namespace Fulcrum.Api.Certificates;

/// <summary>A certificate that clients are shown, or backends that ask. Its key is nobody's to see.</summary>
public sealed record CertificateDocument
{
    /// <summary>The file, or the name that it is got for by ACME.</summary>
    public required string Name { get; init; }

    /// <summary><c>file</c> or <c>acme</c>.</summary>
    public required string Source { get; init; }

    /// <summary><c>valid</c>, <c>expiring</c>, <c>expired</c>, <c>not-yet-valid</c>, <c>missing</c> or <c>pending</c>.</summary>
    public required string State { get; init; }

    public required string Reason { get; init; }

    /// <summary>Names that it holds for; empty, as is all that follows, while there is none.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public string? Issuer { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Seconds until it ends; below zero: since it did.</summary>
    public long? ExpiresInSeconds { get; init; }

    /// <summary>Kind and size: <c>ECDSA P-256</c>, <c>RSA 2048</c>.</summary>
    public string? Key { get; init; }

    /// <summary>SHA-256, in hexadecimal digits.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Services that show it.</summary>
    public required IReadOnlyList<string> UsedBy { get; init; }

    /// <summary>
    /// Why what is there now cannot be used, and what was read before stays in use, if anything; or why no OCSP response is
    /// stapled.
    /// </summary>
    public string? LastError { get; init; }

    internal static CertificateDocument Of(
        DerivedCertificate certificate,
        Func<string, bool> isSeen,
        DateTimeOffset now
    )
    {
        var (observed, facts) = (certificate.Observed, certificate.Observed.Facts);
        return new()
        {
            Name = observed.Name,
            Source = observed.IsAcme ? "acme" : "file",
            State = CertificateWords.Of(certificate.State),
            Reason = certificate.Reason.Text,
            Names = facts?.Names ?? [],
            Issuer = facts?.Issuer,
            NotBefore = facts?.NotBefore.ToUniversalTime(),
            NotAfter = facts?.NotAfter.ToUniversalTime(),
            ExpiresInSeconds = (long?)(facts?.NotAfter - now)?.TotalSeconds,
            Key = facts?.Key,
            Fingerprint = facts?.Fingerprint,
            UsedBy = [.. observed.UsedBy.Where(isSeen)],
            LastError = certificate.Problem,
        };
    }
}
