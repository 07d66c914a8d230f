using System.Security.Authentication;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>Whom a listener lets in of the clients that show a certificate, or none.</summary>
public sealed class ClientCertificateTests
{
    [Theory]
    [InlineData(null, "none", false)]
    [InlineData(ClientCertificateDemand.Required, "none", false)]
    [InlineData(ClientCertificateDemand.Optional, "none", true)]
    [InlineData(null, "robot.shop.example", true)]
    [InlineData(ClientCertificateDemand.Optional, "robot.shop.example", true)]
    [InlineData(ClientCertificateDemand.Optional, "stranger", false)]
    public async Task Whoever_has_to_show_one_is_asked_for_it(
        ClientCertificateDemand? demand,
        string shown,
        bool isLetIn
    )
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(TerminationOf(scene) with { ClientCertificate = demand });
        using var certificate = Make(scene, shown);
        Assert.Equal(isLetIn, await IsServedAsync(scene, certificate));
        var counters = scene.Harness.Counters;
        Assert.Equal(isLetIn ? (1, 0) : (0, 1), (counters.TlsHandshakes, counters.TlsFailures));
    }

    [Fact]
    public async Task Who_is_none_of_the_subjects_is_counted_for_that()
    {
        await using var scene = new TlsScene();
        var subjects = new ClientSubject(ClientSubjectKind.Dns, "*.shop.example");
        await scene.ServeAsync(TerminationOf(scene) with { ClientSubjects = [subjects] });
        using var robot = Make(scene, "robot.shop.example");
        using var other = Make(scene, "robot.other.example");
        Assert.True(await IsServedAsync(scene, robot));
        Assert.False(await IsServedAsync(scene, other));
        var counters = scene.Harness.Counters;
        Assert.Equal((1, 1, 1), (counters.TlsHandshakes, counters.TlsFailedSubject, counters.TlsFailures));
    }

    [Fact]
    public async Task Who_is_revoked_while_we_run_is_let_in_no_more()
    {
        await using var scene = new TlsScene(new ManualTimeProvider());
        using var robot = Make(scene, "robot.shop.example");
        using var other = Make(scene, "other.shop.example");
        var list = scene.WriteList("list.pem", other!);
        await scene.ServeAsync(TerminationOf(scene) with { ClientRevocations = list });
        Assert.True(await IsServedAsync(scene, robot));
        Assert.False(await IsServedAsync(scene, other));

        _ = scene.WriteList("list.pem", other!, robot!);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(async () => !await IsServedAsync(scene, robot), "the new list to hold");
    }

    [Fact]
    public async Task A_group_that_nobody_knows_refuses_the_table_and_is_named()
    {
        await using var scene = new TlsScene();
        var settings = new TlsTermination { Certificates = [scene.Issue("a.example")] };
        await scene.ServeAsync(settings);
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            scene.ServeAsync(settings with { Groups = ["X25519", "P-257"] })
        );
        var problem = Assert.Single(refusal.Problems);
        Assert.Equal("services.s.tls", problem.Path);
        Assert.Matches("^groups: OpenSSL 3.* does not know 'P-257'", problem.Message);
        _ = await scene.ConnectAsync();
    }

    [Theory]
    [InlineData(TlsProfile.Intermediate, true)]
    [InlineData(TlsProfile.Modern, false)]
    public async Task A_profile_decides_how_old_clients_may_be(TlsProfile profile, bool isServed)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new() { Certificates = [scene.Issue("a.example")], Profile = profile });
        _ = await scene.ConnectAsync(scene.OptionsFor("a.example", SslProtocols.Tls13));
        var old = scene.ConnectAsync(scene.OptionsFor("a.example", SslProtocols.Tls12));
        if (isServed)
        {
            _ = await old;
            return;
        }
        _ = await Assert.ThrowsAnyAsync<Exception>(() => old);
        await scene.UntilAsync(counters => counters.TlsFailedVersion == 1, "the failure to be counted");
    }

    private static TlsTermination TerminationOf(TlsScene scene)
    {
        var file = scene.PathOf("clients.pem");
        File.WriteAllText(file, scene.Authority.Pem);
        return new() { Certificates = [scene.Issue("a.example")], ClientAuthorities = file };
    }

    private static TestCertificate? Make(TlsScene scene, string name)
    {
        using var stranger = TestAuthority.Create("stranger");
        return name switch
        {
            "none" => null,
            "stranger" => stranger.Issue(name),
            _ => scene.Authority.Issue(name),
        };
    }

    /// <summary>Whether a word comes to the backend. In TLS 1.3 a client hears of a refusal when it first reads.</summary>
    private static async Task<bool> IsServedAsync(TlsScene scene, TestCertificate? shown)
    {
        var options = scene.OptionsFor("a.example");
        options.ClientCertificateContext = shown?.Context;
        var before = scene.Harness.Counters;
        try
        {
            await using var client = await scene.ConnectAsync(options);
            await client.WriteAsync("x"u8.ToArray());
            await scene.UntilAsync(
                counters => counters.TlsHandshakes + counters.TlsFailures > before.TlsHandshakes + before.TlsFailures,
                "the handshake to be over"
            );
            if (scene.Harness.Counters.TlsFailures > before.TlsFailures)
            {
                return false;
            }
            using var server = await scene.AcceptAsync();
            return (await server.ReceiveExactlyAsync(1))[0] == (byte)'x';
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            await scene.UntilAsync(counters => counters.TlsFailures > before.TlsFailures, "the failure to be counted");
            return false;
        }
    }
}
