using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>All certificates of the table as files, good ones and those that nobody should accept.</summary>
internal sealed class Papers : IDisposable
{
    /// <summary>Whom clients ask for, and whom backends are taken for.</summary>
    public const string Name = "shop.example.com";

    public const string OtherName = "other.example.com";

    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");

    private readonly TemporaryDirectory _folder;
    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TestAuthority _stranger = TestAuthority.Create("An authority that nobody knows");

    public Papers(TemporaryDirectory folder)
    {
        _folder = folder;
        folder.Write("authority.pem", _authority.Pem);
        folder.Write("stranger.pem", _stranger.Pem);
        var good = _authority.Issue(Name);
        Write("staple", good.Certificate);
        // Who has signed what is stapled is looked for in the chain.
        Write("stapled", good.ChainPem + _authority.Pem + good.KeyPem);
        Write("good", good);
        Write("wildcard", _authority.Issue("*.wild.example.com"));
        Write("address", _authority.Issue("127.0.0.1"));
        Write("other", _authority.Issue(OtherName));
        Write("expired", _authority.Issue(Validity.Expired, Name));
        Write("early", _authority.Issue(Validity.NotYet, Name));
        Write("foreign", _stranger.Issue(Name));
        Write("self-signed", TestAuthority.SelfSigned(Name));
        var revoked = _authority.Issue(Name);
        WriteList(revoked.Certificate);
        Write("revoked", revoked);
        WriteRsa("rsa");
        ChangeSecret();
        WriteServerOnly("server-only");
    }

    public string Authority => PathOf("authority");

    /// <summary>The certificate with its chain and its key, or what else is called so.</summary>
    public string PathOf(string name) => _folder.PathOf(name + ".pem");

    /// <summary>Writes another secret for tickets.</summary>
    public void ChangeSecret() => Write("secret", Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    private void Write(string name, TestCertificate certificate)
    {
        using (certificate)
        {
            Write(name, certificate.ChainPem + certificate.KeyPem);
        }
    }

    private void Write(string name, string text) =>
        File.SetUnixFileMode(_folder.Write(name + ".pem", text), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private void Write(string name, X509Certificate2 certificate) =>
        File.WriteAllBytes(PathOf(name), new OcspAnswer().Write(_authority, certificate));

    private void WriteList(X509Certificate2 revoked)
    {
        var now = TimeProvider.System.GetUtcNow();
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry(revoked, now.AddDays(-3));
        var list = builder.Build(
            _authority.Certificate,
            1,
            now.AddDays(1),
            HashAlgorithmName.SHA256,
            thisUpdate: now.AddDays(-2)
        );
        _folder.Write("revocations.pem", PemEncoding.WriteString("X509 CRL", list) + "\n");
    }

    private void WriteRsa(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Write(name, Sign(request) + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private void WriteServerOnly(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerUse], false));
        Write(name, Sign(request) + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private string Sign(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = _authority.Sign(request, Validity.Current);
        return certificate.ExportCertificatePem() + "\n";
    }
}
