using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Storage;

/// <summary>The certificate in a file, as far as its renewal matters.</summary>
/// <param name="RenewalId">How its authority calls it (RFC 9773). Null: it does not say which key signed it.</param>
internal sealed record StoredCertificate(
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    string Fingerprint,
    string? RenewalId
)
{
    public TimeSpan Life => NotAfter - NotBefore;

    /// <summary>Null: the file holds no certificate for this name with its key.</summary>
    /// <exception cref="IOException">There is a file that cannot be read.</exception>
    public static StoredCertificate? Read(string path, string name)
    {
        if (OwnedFile.Read(path) is not { } text)
        {
            return null;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(text, text);
            return Covers(certificate, name) ? Of(certificate) : null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // Half of it, or a key of another certificate: it is got anew.
            return null;
        }
    }

    public static StoredCertificate Of(X509Certificate2 certificate) =>
        new(
            new(certificate.NotBefore.ToUniversalTime()),
            new(certificate.NotAfter.ToUniversalTime()),
            certificate.GetCertHashString(HashAlgorithmName.SHA256),
            certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier
                is { } key
                ? AcmeCertificateId.Of(key.Span, certificate.SerialNumberBytes.Span)
                : null
        );

    /// <summary>Whether the certificate has exactly this among its names; a wildcard is a name of its own here.</summary>
    public static bool Covers(X509Certificate2 certificate, string name) =>
        certificate
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .Any(names => names.EnumerateDnsNames().Contains(name, StringComparer.OrdinalIgnoreCase));
}
