using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>Which servers our clients believe.</summary>
public sealed class ServerVerificationTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create("servers");
    private readonly TemporaryDirectory _folder = new();

    [Theory]
    [InlineData("a.example", "a.example", null, 0)]
    [InlineData("A.example.", "a.example", null, 0)]
    [InlineData("a.shop.example", "*.shop.example", null, 0)]
    [InlineData("a.example", "b.example", "Name WrongName: hostname mismatch", 42)]
    [InlineData("a.b.shop.example", "*.shop.example", "Name WrongName: hostname mismatch", 42)]
    [InlineData("ab.shop.example", "a*.shop.example", "Name WrongName: hostname mismatch", 42)]
    [InlineData("192.0.2.1", "192.0.2.1", null, 0)]
    [InlineData("2001:db8::1", "2001:db8::1", null, 0)]
    [InlineData("192.0.2.2", "192.0.2.1", "Name WrongName: IP address mismatch", 42)]
    [InlineData("192.0.2.1", "a.example", "Name WrongName: IP address mismatch", 42)]
    public void The_certificate_has_to_be_for_whom_we_want(string wanted, string name, string? failure, int alert)
    {
        using var issued = _authority.Issue(name);
        Judge(Client(wanted), issued, failure, alert);
    }

    [Theory]
    [InlineData(false, "Certificate Expired: certificate has expired", 45)]
    [InlineData(true, "Certificate NotYetValid: certificate is not yet valid", 42)]
    public void Its_time_has_to_be_now(bool isEarly, string failure, int alert)
    {
        using var issued = _authority.Issue(isEarly ? Validity.NotYet : Validity.Expired, "a.example");
        Judge(Client("a.example"), issued, failure, alert);
    }

    [Fact]
    public void Strangers_are_not_believed()
    {
        const string Stranger = "Certificate UnknownAuthority: unable to get local issuer certificate";
        const string Itself = "Certificate UnknownAuthority: self-signed certificate";
        using var other = TestAuthority.Create("other");
        using var issued = other.Issue("a.example");
        Judge(Client("a.example"), issued, Stranger, 48);
        using var own = TestAuthority.SelfSigned("a.example");
        Judge(Client("a.example"), own, Itself, 48);
        // The system has never heard of the test's authority.
        var system = TlsClient.Create(new TlsClientSettings { ServerName = "a.example" });
        using var known = _authority.Issue("a.example");
        Judge(system, known, Stranger, 48);
        // A certificate that is listed itself is trusted.
        Judge(Client("a.example", _folder.Write("own.pem", own.ChainPem)), own, null, 0);
    }

    [Fact]
    public void A_missing_intermediate_is_an_unknown_authority()
    {
        using var below = _authority.CreateBelow("below");
        using var issued = below.Issue("a.example");
        var whole = Material.Load(issued);
        using var conversation = Material
            .Meet(Client("a.example"), Material.Server(whole with { Chain = [whole.Chain[0]] }))
            .Run();
        Assert.Equal(CertificateProblem.UnknownAuthority, conversation.Client.Engine.CertificateProblem);
    }

    [Fact]
    public void A_name_is_asked_for_and_an_address_is_not()
    {
        foreach (var (name, isAsked) in new[] { ("a.example", true), ("192.0.2.1", false), ("::1", false) })
        {
            using var client = Client(name).Connect();
            var hello = new byte[TlsEngine.UsualReply];
            var length = client.Receive([], [], hello).Wire;
            var text = System.Text.Encoding.Latin1.GetString(hello, 0, length);
            Assert.Equal(isAsked, text.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Without_a_name_nothing_can_be_verified()
    {
        var thrown = Assert.Throws<TlsException>(() => TlsClient.Create(new TlsClientSettings()));
        Assert.Contains("cannot be verified without a name", thrown.Message, StringComparison.Ordinal);
        using var conversation = Material
            .Meet(Material.Client(null), Material.Server(Material.SelfSigned("b.example")))
            .Run();
        Assert.True(conversation.AreEstablished);
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_told()
    {
        var nothing = new TlsClientSettings { Verify = TlsVerify.Authorities, ServerName = "a.example" };
        Assert.Contains(
            "needs a file",
            Assert.Throws<TlsException>(() => TlsClient.Create(nothing)).Message,
            StringComparison.Ordinal
        );
        var foreign = new TlsClientSettings { ServerName = "bücher.example" };
        Assert.Contains(
            "ASCII form",
            Assert.Throws<TlsException>(() => TlsClient.Create(foreign)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private TlsClient Client(string name, string? authorities = null) =>
        TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.Authorities,
                Authorities = authorities ?? _folder.Write("root.pem", _authority.Pem),
                ServerName = name,
            }
        );

    private static void Judge(TlsClient client, TestCertificate issued, string? failure, int alert)
    {
        using var conversation = Material.Meet(client, Material.Server(Material.Load(issued))).Run();
        var engine = conversation.Client.Engine;
        if (failure is null)
        {
            Assert.True(conversation.AreEstablished, engine.Problem);
            return;
        }
        Assert.False(engine.IsEstablished);
        Assert.Equal(failure, $"{engine.Failure} {engine.CertificateProblem}: {engine.Problem}");
        Assert.Equal(
            (TlsFailure.Alert, alert),
            (conversation.Server.Engine.Failure, conversation.Server.Engine.PeerAlert)
        );
    }
}
