using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.TestKit.Certificates;

/// <summary>A certificate with its key and the intermediate authorities that a server shows with it.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly X509Certificate2[] _chain;

    internal TestCertificate(X509Certificate2 certificate, IEnumerable<X509Certificate2> chain)
    {
        Certificate = certificate;
        _chain = [.. chain];
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>For a server in this process; without network.</summary>
    public SslStreamCertificateContext Context =>
        SslStreamCertificateContext.Create(Certificate, [.. _chain], offline: true);

    /// <summary>The certificate and then its authorities, as servers want it in a file.</summary>
    public string ChainPem =>
        string.Concat(_chain.Prepend(Certificate).Select(certificate => certificate.ExportCertificatePem() + "\n"));

    /// <summary>The key, PKCS#8.</summary>
    public string KeyPem
    {
        get
        {
            using var key = Certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem() + "\n";
        }
    }

    /// <summary>The key, encrypted PKCS#8.</summary>
    public string EncryptedKeyPem(string passphrase)
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        return key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, parameters) + "\n";
    }

    public void Dispose() => Certificate.Dispose();
}
