using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>Which clients are let in, and what the others are told (RFC 8446 section 6.2).</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create("clients");
    private readonly TemporaryDirectory _folder = new();
    private readonly LoadedCertificate _own = Material.SelfSigned("a.example");

    public static TheoryData<TlsVersion, string, string, int> Refused =>
        new()
        {
            { TlsVersion.Tls13, "none", "CertificateRequired None", 116 },
            { TlsVersion.Tls12, "none", "CertificateRequired None", 40 },
            { TlsVersion.Tls13, "expired", "Certificate Expired", 45 },
            { TlsVersion.Tls12, "expired", "Certificate Expired", 45 },
            { TlsVersion.Tls13, "early", "Certificate NotYetValid", 42 },
            { TlsVersion.Tls12, "early", "Certificate NotYetValid", 42 },
            { TlsVersion.Tls13, "unknown", "Certificate UnknownAuthority", 48 },
            { TlsVersion.Tls12, "unknown", "Certificate UnknownAuthority", 48 },
            { TlsVersion.Tls13, "self-signed", "Certificate UnknownAuthority", 48 },
            { TlsVersion.Tls13, "revoked", "Certificate Revoked", 44 },
            { TlsVersion.Tls12, "revoked", "Certificate Revoked", 44 },
            { TlsVersion.Tls13, "late list", "Certificate RevocationUnknown", 45 },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_client_that_is_refused_is_told_why(TlsVersion version, string kind, string failure, int alert)
    {
        using var shown = Make(kind);
        var client = Versions.Only(version, Client(shown));
        using var conversation = Material.Meet(client, Server(ListFor(kind, shown))).Run();
        var server = conversation.Server.Engine;
        Assert.False(server.IsEstablished);
        Assert.Equal(failure, $"{server.Failure} {server.CertificateProblem}");
        Assert.Equal(
            (TlsFailure.Alert, alert),
            (conversation.Client.Engine.Failure, conversation.Client.Engine.PeerAlert)
        );
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, false)]
    [InlineData(TlsVersion.Tls12, true)]
    [InlineData(TlsVersion.Tls13, false)]
    [InlineData(TlsVersion.Tls13, true)]
    public void A_client_with_a_certificate_is_known_when_it_resumes_too(TlsVersion version, bool isListed)
    {
        using var shown = Make("good");
        var client = Versions.Only(version, Client(shown));
        using var other = Make("good");
        var server = Server(isListed ? ListFor("revoked", other) : null);
        foreach (var resumes in new[] { false, true })
        {
            using var conversation = Material.Meet(client, server).Run();
            Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
            Assert.Equal(resumes, conversation.Server.Engine.IsResumed);
            Assert.Equal(shown!.Certificate.RawData, conversation.Server.Engine.PeerCertificate);
            Assert.Equal(CertificateProblem.None, conversation.Server.Engine.CertificateProblem);
            Assert.True(conversation.Server.Says("hello"u8));
            conversation.Run();
        }
    }

    [Fact]
    public void Who_is_revoked_meanwhile_does_not_resume()
    {
        using var shown = Make("good");
        var client = Client(shown);
        var tickets = new TicketKeys(TimeProvider.System);
        using (var before = Material.Meet(client, Server(null, tickets)).Run())
        {
            Assert.True(before.AreEstablished);
            Assert.True(before.Server.Says("hello"u8));
            before.Run();
        }
        using var after = Material.Meet(client, Server(ListFor("revoked", shown), tickets)).Run();
        Assert.Equal(CertificateProblem.Revoked, after.Server.Engine.CertificateProblem);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("good", true)]
    [InlineData("unknown", false)]
    public void Where_it_is_optional_none_is_as_good_as_a_good_one(string kind, bool isLetIn)
    {
        using var shown = Make(kind);
        var server = TlsServer.Create(Settings(null) with { IsClientCertificateOptional = true });
        using var conversation = Material.Meet(Client(shown), server).Run();
        Assert.Equal(isLetIn, conversation.Server.Engine.IsEstablished);
        Assert.Equal(isLetIn ? shown?.Certificate.RawData : null, conversation.Server.Engine.PeerCertificate);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, "robot.shop.example", "dns:*.shop.example", true)]
    [InlineData(TlsVersion.Tls13, "robot.shop.example", "dns:*.shop.example", true)]
    [InlineData(TlsVersion.Tls13, "robot.shop.example", "dns:other.example dns:ROBOT.shop.example", true)]
    [InlineData(TlsVersion.Tls13, "robot.shop.example", "cn:robot.shop.example", true)]
    [InlineData(TlsVersion.Tls13, "spiffe://shop.example/robot", "uri:spiffe://shop.example/robot", true)]
    [InlineData(TlsVersion.Tls13, "ops@shop.example", "email:ops@SHOP.example", true)]
    [InlineData(TlsVersion.Tls12, "robot.shop.example", "dns:shop.example", false)]
    [InlineData(TlsVersion.Tls13, "robot.shop.example", "dns:shop.example", false)]
    [InlineData(TlsVersion.Tls13, "a.robot.shop.example", "dns:*.shop.example", false)]
    [InlineData(TlsVersion.Tls13, "*.shop.example", "dns:*.shop.example", false)]
    [InlineData(TlsVersion.Tls13, "robot.shop.example", "uri:robot.shop.example email:robot.shop.example", false)]
    [InlineData(TlsVersion.Tls13, "ops@shop.example", "email:OPS@shop.example uri:ops@shop.example", false)]
    public void Of_those_with_a_good_certificate_the_named_are_let_in(
        TlsVersion version,
        string name,
        string subjects,
        bool isLetIn
    )
    {
        using var shown = _authority.Issue(name);
        var server = TlsServer.Create(Settings(null) with { ClientSubjects = Subjects(subjects) });
        using var conversation = Material.Meet(Versions.Only(version, Client(shown)), server).Run();
        var engine = conversation.Server.Engine;
        Assert.Equal(isLetIn, engine.IsEstablished);
        if (!isLetIn)
        {
            Assert.Equal(
                (TlsFailure.Subject, CertificateProblem.ForeignSubject),
                (engine.Failure, engine.CertificateProblem)
            );
            Assert.Equal("the certificate is good, but its subject is none of those that are let in", engine.Problem);
            // RFC 8446 section 6.2: certificate_unknown.
            Assert.Equal(46, conversation.Client.Engine.PeerAlert);
        }
    }

    [Fact]
    public void A_named_subject_has_to_have_a_good_certificate_too()
    {
        using var stranger = TestAuthority.Create("stranger");
        using var shown = stranger.Issue("robot.shop.example");
        var server = TlsServer.Create(Settings(null) with { ClientSubjects = Subjects("dns:robot.shop.example") });
        using var conversation = Material.Meet(Client(shown), server).Run();
        Assert.Equal(CertificateProblem.UnknownAuthority, conversation.Server.Engine.CertificateProblem);
    }

    [Fact]
    public void Who_is_not_named_any_more_does_not_resume()
    {
        using var shown = _authority.Issue("robot.shop.example");
        var client = Client(shown);
        var settings = Settings(null) with { Tickets = new TicketKeys(TimeProvider.System) };
        var server = TlsServer.Create(settings with { ClientSubjects = Subjects("cn:robot.shop.example") });
        Assert.False(Material.Resumes(client, server));
        Assert.True(Material.Resumes(client, server));
        var changed = TlsServer.Create(settings with { ClientSubjects = Subjects("cn:other.example") });
        using var after = Material.Meet(client, changed).Run();
        Assert.Equal(TlsFailure.Subject, after.Server.Engine.Failure);
    }

    [Fact]
    public void An_intermediate_authority_may_be_all_that_is_trusted()
    {
        using var below = _authority.CreateBelow("below");
        using var shown = below.Issue();
        using var stranger = _authority.Issue();
        var settings = Settings(null) with { ClientAuthorities = _folder.Write("below.pem", below.Pem) };
        using var known = Material.Meet(Client(shown), TlsServer.Create(settings)).Run();
        Assert.True(known.Server.Engine.IsEstablished, known.Server.Engine.Problem);
        using var unknown = Material.Meet(Client(stranger), TlsServer.Create(settings)).Run();
        Assert.Equal(CertificateProblem.UnknownAuthority, unknown.Server.Engine.CertificateProblem);
    }

    [Fact]
    public void Revocation_lists_may_stand_with_the_authorities()
    {
        using var shown = Make("good");
        var both = _authority.Pem + File.ReadAllText(ListFor("revoked", shown)!);
        var settings = Settings(null) with { ClientAuthorities = _folder.Write("both.pem", both) };
        using var conversation = Material.Meet(Client(shown), TlsServer.Create(settings)).Run();
        Assert.Equal(CertificateProblem.Revoked, conversation.Server.Engine.CertificateProblem);
        Assert.Equal("certificate revoked", conversation.Server.Engine.Problem);
    }

    [Fact]
    public void A_revocation_list_may_be_in_the_form_that_authorities_publish()
    {
        using var shown = Make("good");
        var pem = File.ReadAllText(ListFor("revoked", shown)!);
        var der = _folder.PathOf("list.crl");
        File.WriteAllBytes(der, Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]));
        using var conversation = Material.Meet(Client(shown), Server(der)).Run();
        Assert.Equal(CertificateProblem.Revoked, conversation.Server.Engine.CertificateProblem);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named()
    {
        var empty = _folder.Write("empty.pem", "nothing here");
        Says("holds no certificate of an authority", Settings(null) with { ClientAuthorities = empty });
        Says("holds no revocation list", Settings(null) with { RevocationLists = empty });
        var missing = _folder.PathOf("missing.pem");
        Says("does not exist", Settings(null) with { ClientAuthorities = missing });
        var damaged = _folder.Write("damaged.pem", PemEncoding.WriteString("X509 CRL", [1, 2, 3]));
        Says("a revocation list is damaged", Settings(null) with { RevocationLists = damaged });
        var broken = _folder.Write("broken.pem", PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]));
        Says("a certificate is damaged", Settings(null) with { ClientAuthorities = broken });

        void Says(string what, TlsServerSettings settings) =>
            Assert.Matches(
                $"{_folder.FullName}/.*: {what}",
                Assert.Throws<TlsException>(() => TlsServer.Create(settings)).Message
            );
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private TestCertificate? Make(string kind)
    {
        using var stranger = TestAuthority.Create("stranger");
        return kind switch
        {
            "none" => null,
            "expired" => _authority.Issue(Validity.Expired),
            "early" => _authority.Issue(Validity.NotYet),
            "unknown" => stranger.Issue(),
            "self-signed" => TestAuthority.SelfSigned("client.example"),
            _ => _authority.Issue(),
        };
    }

    private string? ListFor(string kind, TestCertificate? shown)
    {
        if (kind is not ("revoked" or "late list"))
        {
            return null;
        }
        var now = TimeProvider.System.GetUtcNow();
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry(shown!.Certificate, now.AddDays(-3));
        var list = builder.Build(
            _authority.Certificate,
            1,
            now.AddDays(kind == "revoked" ? 1 : -1),
            HashAlgorithmName.SHA256,
            thisUpdate: now.AddDays(-2)
        );
        return _folder.Write("list.pem", PemEncoding.WriteString("X509 CRL", list) + "\n");
    }

    private TlsServer Server(string? revocations, TicketKeys? tickets = null) =>
        TlsServer.Create(Settings(revocations) with { Tickets = tickets ?? new TicketKeys(TimeProvider.System) });

    private static Items<ClientSubject> Subjects(string texts) =>
        Items.From(
            texts
                .Split(' ')
                .Select(text => ClientSubject.TryParse(text, out var one) ? one : throw new ArgumentException(text))
        );

    private TlsServerSettings Settings(string? revocations) =>
        new()
        {
            Certificates = [_own],
            ClientAuthorities = _folder.Write("authorities.pem", _authority.Pem),
            RevocationLists = revocations,
        };

    private static TlsClient Client(TestCertificate? shown) =>
        TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.None,
                ServerName = "a.example",
                Certificate = shown is null ? null : Material.Load(shown),
            }
        );
}
