using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.TestKit.Certificates;

/// <summary>A certificate authority of the test's own: a root, or an intermediate below another one.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private TestAuthority(X509Certificate2 certificate, TestAuthority? above)
    {
        Certificate = certificate;
        Above = above;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Null: it is a root.</summary>
    public TestAuthority? Above { get; }

    /// <summary>Its certificate as PEM.</summary>
    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public static TestAuthority Create(string name = "Fulcrum test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var validity = Validity.Years(-20, 20);
        return new(AuthorityRequest(name, key).CreateSelfSigned(validity.From, validity.To), null);
    }

    /// <summary>An authority whose certificate is signed by this one.</summary>
    public TestAuthority CreateBelow(string name, Validity? validity = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(Sign(AuthorityRequest(name, key), key, validity ?? Validity.Current), this);
    }

    /// <summary>A certificate for servers and clients alike, with its key and the authorities up to the root's child.</summary>
    /// <param name="names">Host names, wildcard names, addresses, URIs and mail addresses; none: only a common name.</param>
    public TestCertificate Issue(params string[] names) => Issue(Validity.Current, names);

    public TestCertificate Issue(Validity validity, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var chain = new List<X509Certificate2>();
        for (var authority = this; authority.Above is not null; authority = authority.Above)
        {
            chain.Add(authority.Certificate);
        }

        return new(Sign(LeafRequest(names, key), key, validity), chain);
    }

    /// <summary>A server's certificate that nobody but itself has signed.</summary>
    public static TestCertificate SelfSigned(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(LeafRequest(names, key).CreateSelfSigned(Validity.Current.From, Validity.Current.To), []);
    }

    /// <summary>The certificate that somebody else's request asks for, without its key.</summary>
    public X509Certificate2 Sign(CertificateRequest request, Validity validity)
    {
        using var own = Certificate.GetECDsaPrivateKey()!;
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false)
        );
        return request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(own),
            validity.From,
            validity.To,
            RandomNumberGenerator.GetBytes(16)
        );
    }

    public void Dispose() => Certificate.Dispose();

    // By name and generator: the other overload refuses what outlives its authority, and tests need that.
    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, Validity validity)
    {
        using var own = Certificate.GetECDsaPrivateKey()!;
        using var signed = request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(own),
            validity.From,
            validity.To,
            RandomNumberGenerator.GetBytes(16)
        );
        return signed.CopyWithPrivateKey(key);
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static CertificateRequest LeafRequest(string[] names, ECDsa key)
    {
        var request = new CertificateRequest(
            $"CN={names.FirstOrDefault("shop.example.com")}",
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerUse, ClientUse], false));
        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(names));
        }

        return request;
    }

    private static X509Extension AlternativeNames(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else if (name.Contains("://", StringComparison.Ordinal))
            {
                builder.AddUri(new Uri(name));
            }
            else if (name.Contains('@', StringComparison.Ordinal))
            {
                builder.AddEmailAddress(name);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }
}
