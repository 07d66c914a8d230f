using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Health.Tls;

/// <summary>
/// For whom a certificate is: its subject alternative names (RFC 5280 section 4.2.1.6). The common name does not count
/// (RFC 9525 section 2).
/// </summary>
internal static class CertificateNames
{
    private const int Most = 5;
    private const int Longest = 253;

    /// <summary>The first of its names, fit to be printed; of the others only that there are more.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            {
                foreach (
                    var name in extension
                        .EnumerateDnsNames()
                        .Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))
                )
                {
                    if (names.Count == Most)
                    {
                        return [.. names, "..."];
                    }

                    names.Add(Printable(name));
                }
            }
        }
        catch (CryptographicException)
        {
            // It is malformed from here on, and so it matches nothing either.
        }

        return names;
    }

    public static bool Match(X509Certificate2 certificate, string host)
    {
        try
        {
            return certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static string Printable(string name) =>
        string.Concat(name.Take(Longest).Select(letter => letter is > ' ' and <= '~' ? letter : '?'));
}
