using System.Net;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Health.Tests.Tls;

/// <summary>An authority that clients trust, and certificates good and bad.</summary>
public sealed class TlsFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TestAuthority _unknown = TestAuthority.Create("somebody");
    private readonly Dictionary<string, TestCertificate> _certificates;

    public TlsFixture()
    {
        var below = _authority.CreateBelow("below");
        _certificates = new(StringComparer.Ordinal)
        {
            ["good"] = _authority.Issue("shop.example.com", "www.example.com"),
            ["expired"] = _authority.Issue(Validity.Expired, "shop.example.com"),
            ["not yet"] = _authority.Issue(Validity.NotYet, "shop.example.com"),
            ["other"] = _authority.Issue("a.example.com", "b.example.com"),
            ["many"] = _authority.Issue([.. Enumerable.Range(1, 200).Select(i => $"{i}.example.com")]),
            ["wildcard"] = _authority.Issue("*.example.com"),
            ["address"] = _authority.Issue("192.0.2.1", "2001:db8::1"),
            ["nameless"] = _authority.Issue(),
            ["below"] = below.Issue("shop.example.com"),
            ["below expired"] = _authority.CreateBelow("old", Validity.Expired).Issue("shop.example.com"),
            ["unknown"] = _unknown.Issue("shop.example.com"),
            ["unknown below"] = _unknown.CreateBelow("sub").Issue("shop.example.com"),
            ["self-signed"] = TestAuthority.SelfSigned("shop.example.com"),
        };
        Trusted = new() { Verify = TlsVerify.Authorities, Authorities = _directory.Write("ca.pem", _authority.Pem) };
        Client = new(
            _directory.Write("client.pem", this["good"].ChainPem),
            _directory.Write("client.key", this["good"].KeyPem),
            null
        );
    }

    public TestCertificate this[string name] => _certificates[name];

    /// <summary>Verifies against the authority.</summary>
    public TlsConnection Trusted { get; }

    public CertificateReference Client { get; }

    internal static TlsClientSettings Load(
        TlsConnection tls,
        string? serverName = "shop.example.com",
        string address = "192.0.2.1"
    ) =>
        TlsClientSettings.Load(
            new TlsMaterials(TimeProvider.System, Assert.Fail),
            tls,
            serverName,
            IPAddress.Parse(address)
        );

    internal static TlsClient Start(TlsClientSettings settings)
    {
        var client = new TlsClient(settings);
        client.Start();
        return client;
    }

    internal TlsServer Serve(
        string certificate = "good",
        System.Security.Authentication.SslProtocols version = System.Security.Authentication.SslProtocols.None
    ) => new(TlsServer.Options(this[certificate].Context, version));

    public void Dispose()
    {
        foreach (var certificate in _certificates.Values)
        {
            certificate.Dispose();
        }

        _authority.Dispose();
        _unknown.Dispose();
        _directory.Dispose();
    }
}
