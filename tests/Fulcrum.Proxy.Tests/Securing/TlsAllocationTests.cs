using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Tests.Plane;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>Once TLS is agreed upon, what is said allocates nothing on the loops.</summary>
public sealed class TlsAllocationTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Requests_of_clients_with_TLS_allocate_nothing_on_the_loops(SslProtocols version)
    {
        await using var scene = new TlsScene();
        await scene.ServeAsync(new TlsTermination { Certificates = [scene.Issue("a.example")] });
        var client = await scene.ConnectAsync(scene.OptionsFor("a.example", version));
        await client.WriteAsync(new byte[1], TestContext.Current.CancellationToken);
        var server = await scene.AcceptAsync();
        _ = await server.ReceiveExactlyAsync(1);
        await using var backend = new NetworkStream(server);
        await AssertNoneAsync(scene.Harness, client, backend);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Requests_to_backends_with_TLS_allocate_nothing_on_the_loops(SslProtocols version)
    {
        await using var scene = new TlsScene();
        scene.Harness.Connect = new ConnectOptions { Tls = new TlsConnection { Verify = TlsVerify.None } };
        await scene.ServeInTheClearAsync(scene.Backend);
        using var socket = await Sockets.ConnectAsync(scene.Place);
        await using var client = new NetworkStream(socket);
        await using var backend = new SslStream(new NetworkStream(await scene.AcceptAsync()));
        using var certificate = scene.Authority.Issue("backend.example");
        await backend.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                EnabledSslProtocols = version,
            },
            TestContext.Current.CancellationToken
        );
        await AssertNoneAsync(scene.Harness, client, backend);
    }

    private static Task AssertNoneAsync(PlaneHarness harness, Stream client, Stream backend)
    {
        var request = new byte[4096];
        return Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Write(request);
                backend.ReadExactly(request);
                backend.Write(request);
                client.ReadExactly(request);
            }
        );
    }
}
