using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>TLS towards backends: who is believed to be one.</summary>
public sealed class SecuredBackendTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_backend_that_is_who_it_should_be_gets_what_the_client_says(SslProtocols version)
    {
        await using var scene = new TlsScene();
        await ServeAsync(scene, new() { ServerName = "backend.example" });
        using var certificate = scene.Authority.Issue("backend.example");
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("question"u8.ToArray());
        await using var server = await AcceptAsync(scene, certificate, version);
        Assert.Equal("question", await TextAsync(server, 8));
        await server.WriteAsync("answer"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("answer", Encoding.ASCII.GetString(await client.ReceiveExactlyAsync(6)));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await server.ShutdownAsync();
        Assert.Empty(await client.ReceiveToEndAsync());
        await scene.Harness.UntilActiveAsync(0);
        Assert.Equal((8, 6, 0), Figures(scene));
    }

    [Fact]
    public async Task A_backend_that_is_somebody_else_gets_nothing_and_another_is_tried()
    {
        await using var scene = new TlsScene();
        using var other = Sockets.Listen();
        await ServeAsync(scene, new() { ServerName = "backend.example" }, PlaneHarness.Backend(other.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("question"u8.ToArray());
        using var wrong = scene.Authority.Issue("somebody.example");
        using var right = scene.Authority.Issue("backend.example");
        var first = await scene.AcceptAsync();
        await using var refused = new SslStream(new NetworkStream(first));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await refused.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = wrong.Context }
            );
            await refused.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        });
        await using var server = new SslStream(new NetworkStream(await other.AcceptOneAsync(), ownsSocket: true));
        await server.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = right.Context }
        );
        Assert.Equal("question", await TextAsync(server, 8));
        Assert.Equal((1, 1), (scene.Harness.Counters.ConnectFailures, scene.Harness.Counters.Retries));
    }

    [Fact]
    public async Task The_backend_is_shown_our_certificate_when_it_asks()
    {
        await using var scene = new TlsScene();
        var own = scene.Issue("proxy.example");
        await ServeAsync(scene, new() { ServerName = "backend.example", Certificate = own });
        using var certificate = scene.Authority.Issue("backend.example");
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("x"u8.ToArray());
        string? shown = null;
        await using var server = new SslStream(new NetworkStream(await scene.AcceptAsync()));
        await server.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, theirs, _, _) =>
                {
                    shown = theirs?.Subject;
                    return shown is not null;
                },
            }
        );
        Assert.Equal("x", await TextAsync(server, 1));
        Assert.Equal("CN=proxy.example", shown);
    }

    [Fact]
    public async Task What_backends_are_shown_is_observed_and_what_is_wrong_with_it()
    {
        await using var scene = new TlsScene(new ManualTimeProvider());
        var own = scene.Issue("proxy.example");
        await ServeAsync(scene, new() { ServerName = "backend.example", Certificate = own });
        var shown = Assert.Single(scene.Harness.Plane.Observe().Certificates);
        Assert.Equal((own.File, null), (shown.Name, shown.Problem));
        Assert.Equal(["s"], shown.UsedBy.AsEnumerable());
        Assert.Equal(["proxy.example"], shown.Facts!.Names.AsEnumerable());

        await File.WriteAllTextAsync(own.File, "nothing", TestContext.Current.CancellationToken);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(
            () => scene.Harness.Plane.Observe().Certificates[0].Problem is not null,
            "the problem to be observed"
        );
        var failing = scene.Harness.Plane.Observe().Certificates[0];
        Assert.Contains("holds no certificate", failing.Problem, StringComparison.Ordinal);
        Assert.Equal(shown.Facts, failing.Facts);

        _ = scene.Issue("proxy.example");
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(
            () => scene.Harness.Plane.Observe().Certificates[0].Problem is null,
            "the new one to be in use"
        );
        Assert.NotEqual(shown.Facts, scene.Harness.Plane.Observe().Certificates[0].Facts);
    }

    [Fact]
    public async Task TLS_on_both_sides_carries_much_to_the_byte()
    {
        await using var scene = new TlsScene();
        var tls = new TlsTermination { Certificates = [scene.Issue("a.example")] };
        scene.Harness.Connect = ConnectFor(scene, new() { ServerName = "backend.example" });
        await scene.ServeAsync(tls);
        using var certificate = scene.Authority.Issue("backend.example");
        var client = await scene.ConnectAsync();
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        var sending = Task.Run(async () =>
        {
            await client.WriteAsync(data);
            await client.ShutdownAsync();
        });
        await using var server = await AcceptAsync(scene, certificate, SslProtocols.None);
        using var got = new MemoryStream();
        await Wait.For(server.CopyToAsync(got), "all of it");
        await sending;
        Assert.True(data.AsSpan().SequenceEqual(got.ToArray()));
    }

    [Fact]
    public async Task A_backend_that_is_revoked_while_we_run_gets_nothing()
    {
        await using var scene = new TlsScene(new ManualTimeProvider());
        using var certificate = scene.Authority.Issue("backend.example");
        using var other = scene.Authority.Issue("other.example");
        var list = scene.WriteList("list.pem", other);
        var told = new TaskCompletionSource<string>();
        scene.Harness.Plane.TlsProblem = told.SetResult;
        await ServeAsync(scene, new() { ServerName = "backend.example", Revocations = list });
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("x"u8.ToArray());
        await using (var server = await AcceptAsync(scene, certificate, SslProtocols.None))
        {
            Assert.Equal("x", await TextAsync(server, 1));
        }

        // Nobody loses a backend for a damaged file.
        await File.WriteAllTextAsync(list, "nothing", TestContext.Current.CancellationToken);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(
            $"TLS to backends: what was read before stays in use: {list}: holds no revocation list (PEM, BEGIN X509 CRL, or one in DER is expected)",
            await Wait.For(told.Task, "the problem to be told")
        );

        _ = scene.WriteList("list.pem", other, certificate);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(() => IsRefusedAsync(scene, certificate), "the new list to hold");
        // The backend hears of it first.
        await Wait.Until(() => scene.Harness.Counters.ConnectFailures > 0, "the failure to be counted");
    }

    [Fact]
    public async Task A_backend_that_is_too_old_gets_nothing()
    {
        await using var scene = new TlsScene();
        using var certificate = scene.Authority.Issue("backend.example");
        await ServeAsync(scene, new() { ServerName = "backend.example", MinimumVersion = TlsVersion.Tls13 });
        Assert.True(await IsRefusedAsync(scene, certificate, SslProtocols.Tls12));
        Assert.False(await IsRefusedAsync(scene, certificate, SslProtocols.Tls13));
    }

    /// <summary>Whether a word of a client's does not come to a backend with that certificate.</summary>
    private static async Task<bool> IsRefusedAsync(
        TlsScene scene,
        TestCertificate certificate,
        SslProtocols version = SslProtocols.None
    )
    {
        using var client = await Sockets.ConnectAsync(scene.Place);
        await client.SendAllAsync("x"u8.ToArray());
        try
        {
            await using var server = await AcceptAsync(scene, certificate, version);
            await server.ReadExactlyAsync(new byte[1]);
            return false;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return true;
        }
    }

    private static (long, long, long) Figures(TlsScene scene) =>
        (scene.Harness.Counters.BytesIn, scene.Harness.Counters.BytesOut, scene.Harness.Counters.Resets);

    private static ConnectOptions ConnectFor(TlsScene scene, TlsConnection tls)
    {
        var file = scene.PathOf("authority.pem");
        File.WriteAllText(file, scene.Authority.Pem);
        return new() { Tls = tls with { Verify = TlsVerify.Authorities, Authorities = file } };
    }

    private static Task ServeAsync(TlsScene scene, TlsConnection tls, params PlaneBackend[] others)
    {
        scene.Harness.Connect = ConnectFor(scene, tls);
        return scene.ServeInTheClearAsync([scene.Backend, .. others]);
    }

    private static async Task<SslStream> AcceptAsync(TlsScene scene, TestCertificate certificate, SslProtocols version)
    {
        var server = new SslStream(new NetworkStream(await scene.AcceptAsync()));
        await server.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                EnabledSslProtocols = version,
            }
        );
        return server;
    }

    private static async Task<string> TextAsync(SslStream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer);
        return Encoding.ASCII.GetString(buffer);
    }
}
