using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>What a certificate says of itself.</summary>
internal static class CertificateReader
{
    /// <exception cref="TlsException">It is damaged.</exception>
    public static X509Certificate2 Read(string place, ReadOnlyMemory<byte> der) =>
        Guard(place, () => X509CertificateLoader.LoadCertificate(der.Span));

    /// <summary>Much of a certificate is looked at only when it is asked for, and may turn out to be damaged as late as that.</summary>
    /// <exception cref="TlsException">It is damaged.</exception>
    public static T Guard<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new TlsException($"{place}: the certificate is damaged: {exception.Message}", exception);
        }
    }

    public static LoadedCertificate Describe(
        string place,
        X509Certificate2 leaf,
        Items<ReadOnlyMemory<byte>> chain,
        AsymmetricAlgorithm key
    ) =>
        new()
        {
            Place = place,
            Names = Items.From(NamesOf(leaf)),
            Issuer = leaf.Issuer,
            NotBefore = new DateTimeOffset(leaf.NotBefore).ToUniversalTime(),
            NotAfter = new DateTimeOffset(leaf.NotAfter).ToUniversalTime(),
            KeyKind = KindOf(key),
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(leaf.RawDataMemory.Span)),
            Chain = chain,
            IsRsa = key is RSA,
            Key = key.ExportPkcs8PrivateKey(),
        };

    // The common name counts only where there are no others (RFC 6125 section 6.4.4).
    private static IEnumerable<string> NamesOf(X509Certificate2 leaf)
    {
        var alternatives = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        if (alternatives is not null)
        {
            return alternatives
                .EnumerateDnsNames()
                .Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString()))
                .Select(name => name.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal);
        }
        return SubjectNames.CommonNamesOf(leaf).Select(name => name.ToLowerInvariant()).Take(1);
    }

    private static string KindOf(AsymmetricAlgorithm key) =>
        key is ECDsa curve
            ? $"ECDSA {NameOf(curve)}"
            : string.Create(CultureInfo.InvariantCulture, $"RSA {key.KeySize}");

    private static string NameOf(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => "P-256",
            "1.3.132.0.34" => "P-384",
            "1.3.132.0.35" => "P-521",
            _ => key.KeySize.ToString(CultureInfo.InvariantCulture),
        };
}
