using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Tls.Certificates;

/// <summary>
/// What is stapled to a certificate (RFC 6066 section 8), or why nothing is. A wrong staple is worse than none: clients end
/// the handshake for it, where without one they ask the authority or believe.
/// </summary>
/// <param name="Response">DER; empty: nothing is stapled.</param>
/// <param name="Until">It does not hold any longer. Null: it may hold for ever.</param>
/// <param name="Problem">Why nothing is stapled.</param>
public sealed record OcspStaple(ReadOnlyMemory<byte> Response, DateTimeOffset? Until, string? Problem)
{
    /// <summary>Clocks differ, and an authority's answer is often seconds old.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Reads what an authority says of the certificate; what cannot be used is told, and no error.</summary>
    public static OcspStaple Load(string file, LoadedCertificate certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return Of(file, BoundedFile.Read(file), certificate, now);
        }
        catch (TlsException exception)
        {
            return new(default, null, exception.Message);
        }
    }

    /// <exception cref="TlsException">It cannot be used.</exception>
    internal static OcspStaple Of(string place, byte[] der, LoadedCertificate certificate, DateTimeOffset now)
    {
        var statement =
            Find(place, OcspResponse.Read(place, der), certificate)
            ?? throw new TlsException($"{place}: says nothing of this certificate");
        return statement switch
        {
            { Verdict: OcspVerdict.Revoked } => throw new TlsException($"{place}: the certificate is revoked"),
            { Verdict: OcspVerdict.Unknown } => throw new TlsException(
                $"{place}: the authority does not know the certificate"
            ),
            { NextUpdate: { } end } when end <= now => throw new TlsException(
                $"{place}: did not hold any longer than until {Text(end)}"
            ),
            { ThisUpdate: var start } when start > now + Tolerance => throw new TlsException(
                $"{place}: does not hold before {Text(start)}"
            ),
            _ => new(der, statement.NextUpdate, null),
        };
    }

    private static OcspStatement? Find(string place, OcspResponse response, LoadedCertificate certificate)
    {
        using var leaf = CertificateReader.Read(place, certificate.Chain[0]);
        using var next = certificate.Chain.Count > 1 ? CertificateReader.Read(place, certificate.Chain[1]) : null;
        var issuer = next is not null && IsIssuer(next, leaf) ? next : null;
        return response.Statements.FirstOrDefault(statement => statement.IsAbout(leaf, issuer));
    }

    private static bool IsIssuer(X509Certificate2 authority, X509Certificate2 leaf) =>
        authority.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData);

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
