using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Health.Tls;

/// <summary>
/// Why a server's certificate is not acceptable, in the words of the field. Of several faults the most telling one:
/// dates, then who signed it, then anything else in the chain, then the name.
/// </summary>
internal static class CertificateFault
{
    private const X509ChainStatusFlags Unknown = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>Null: there is none.</summary>
    /// <param name="chain">As it was built, with the policy's authorities.</param>
    /// <param name="host">Name or address that the certificate must be for.</param>
    public static string? In(X509Certificate2 leaf, X509Chain chain, SslPolicyErrors errors, string host)
    {
        // The chain was judged by the wall clock; so are the words for it.
        var now = TimeProvider.System.GetUtcNow();
        if (OfDates(leaf, "certificate", now) is { } dates)
        {
            return dates;
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & Unknown) != X509ChainStatusFlags.NoError)
        {
            return leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData)
                ? "certificate is self-signed"
                : "certificate is not signed by a known authority";
        }

        if (status != X509ChainStatusFlags.NoError)
        {
            return OfAuthorities(chain, now) ?? $"certificate is not valid: {status}";
        }

        // Whatever else the platform may have found, it is not overruled here.
        return errors == SslPolicyErrors.None && CertificateNames.Match(leaf, host) ? null : OfName(leaf, host);
    }

    private static string? OfAuthorities(X509Chain chain, DateTimeOffset now) =>
        chain
            .ChainElements.Skip(1)
            .Select(element => OfDates(element.Certificate, "certificate of its authority", now))
            .FirstOrDefault(fault => fault is not null);

    private static string? OfDates(X509Certificate2 certificate, string what, DateTimeOffset now) =>
        now > new DateTimeOffset(certificate.NotAfter) ? $"{what} expired on {Day(certificate.NotAfter)}"
        : now < new DateTimeOffset(certificate.NotBefore) ? $"{what} not valid before {Day(certificate.NotBefore)}"
        : null;

    private static string OfName(X509Certificate2 leaf, string host)
    {
        var names = CertificateNames.Of(leaf);
        return $"certificate is for {(names.Count == 0 ? "no name" : string.Join(", ", names))}, not {host}";
    }

    private static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
