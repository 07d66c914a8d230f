using Fulcrum.Acme.Storage;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Ordering;

/// <summary>
/// When a certificate is renewed. The chance is drawn once for each certificate, so that many that were issued together
/// are not renewed together, and asking again does not move the time.
/// </summary>
internal static class Renewal
{
    private const double LifePart = 2.0 / 3;
    private const double Jitter = 0.05;
    private const double LatestPart = 0.9;

    /// <summary>After two thirds of its life, or a little before.</summary>
    public static DateTimeOffset ByLife(StoredCertificate certificate, double chance) =>
        certificate.NotBefore + (certificate.Life * (LifePart - (Jitter * chance)));

    /// <summary>Within the time that its authority wishes for (RFC 9773 section 4.2), but not when it is almost too late.</summary>
    public static DateTimeOffset ByWish(StoredCertificate certificate, AcmeRenewalInfo wish, double chance)
    {
        var time = wish.Start + ((wish.End - wish.Start) * chance);
        var latest = certificate.NotBefore + (certificate.Life * LatestPart);
        return time < latest ? time : latest;
    }
}
