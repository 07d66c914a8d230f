using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Bench.Proxies;

/// <summary>A certificate that nobody has to believe, one for all proxies of a run: ECDSA over P-256, without a chain.</summary>
internal static class OwnCertificate
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A file with certificate and key, as all of them take it; made by who asks first.</summary>
    public static string FileIn(string folder)
    {
        var file = Path.Combine(folder, "certificate.pem");
        if (!File.Exists(file))
        {
            using var stream = new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            );
            using var writer = new StreamWriter(stream);
            writer.Write(Make());
        }

        return file;
    }

    private static string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bench.example.com");
        var request = new CertificateRequest("CN=bench.example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
