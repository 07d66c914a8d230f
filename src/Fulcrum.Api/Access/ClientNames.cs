using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Api.Access;

/// <summary>
/// Whom a client's certificate names: its common name, and its alternative names of hosts and people (RFC 5280 section
/// 4.2.1.6). The authority that the operator chose for clients vouches for all of them.
/// </summary>
internal static class ClientNames
{
    private const int Most = 100;
    private const int Longest = 253;
    private const string CommonName = "2.5.4.3";

    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        try
        {
            names.AddRange(CommonNames(certificate));
            foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            {
                names.AddRange(extension.EnumerateDnsNames());
                names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
            }

            names.Add(certificate.GetNameInfo(X509NameType.EmailName, false));
        }
        catch (CryptographicException)
        {
            // It is malformed from here on, and names nobody else.
        }

        // A name that could be read as two, or as another line, is nobody's.
        return [.. names.Where(IsName).Distinct(StringComparer.Ordinal).Take(Most)];
    }

    /// <summary><c>*</c> in the pattern stands for any run of characters; letters of either case are the same.</summary>
    public static bool Fits(string pattern, string name)
    {
        // Each star is tried with more and more characters; only the last one ever has to be tried again.
        var (at, place, star, mark) = (0, 0, -1, 0);
        while (place < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, mark) = (at++, place);
            }
            else if (at < pattern.Length && char.ToLowerInvariant(pattern[at]) == char.ToLowerInvariant(name[place]))
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                (at, place) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).Trim('*').IsEmpty;
    }

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        from part in certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
        select part.GetSingleElementValue() ?? "";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= Longest && text.All(letter => letter is > ' ' and <= '~');
}
