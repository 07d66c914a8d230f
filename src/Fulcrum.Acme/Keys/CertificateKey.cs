using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;

namespace Fulcrum.Acme.Keys;

/// <summary>The key of one certificate: made with its order, used for no other.</summary>
internal sealed class CertificateKey : IDisposable
{
    private const int RsaBits = 2048;

    private readonly AsymmetricAlgorithm _key;

    private CertificateKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>PKCS#8.</summary>
    public string Pem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public static CertificateKey Create(CertificateKeyKind kind) =>
        new(kind == CertificateKeyKind.Rsa ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Null: it is none.</summary>
    public static CertificateKey? Read(string pem) => Import(ECDsa.Create(), pem) ?? Import(RSA.Create(), pem);

    /// <summary>PKCS#10 for this name and nothing else: a common name would say it again and is too short for some.</summary>
    public byte[] Request(string name)
    {
        var subject = new X500DistinguishedName("");
        var request = _key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)_key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequest();
    }

    public bool IsOf(X509Certificate2 certificate) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_key.ExportSubjectPublicKeyInfo());

    public void Dispose() => _key.Dispose();

    private static CertificateKey? Import(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return new(key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }
}
