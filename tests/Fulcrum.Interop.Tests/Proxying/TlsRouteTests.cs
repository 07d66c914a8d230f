using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Proxying;

/// <summary>Real TLS from end to end; in between only the hello is looked at.</summary>
public sealed class TlsRouteTests(TlsRouteServers servers) : IClassFixture<TlsRouteServers>
{
    private const int Whole = 1 << 20;
    private static readonly IPEndPoint Place = new(IPAddress.Loopback, TlsRouteServers.Port);

    [Theory]
    [InlineData(TlsRouteServers.One, "--tlsv1.3", "--http1.1")]
    [InlineData(TlsRouteServers.Two, "--tlsv1.3", "--http1.1")]
    [InlineData(TlsRouteServers.One, "--tls-max", "1.2")]
    [InlineData(TlsRouteServers.Two, "--tls-max", "1.2")]
    [InlineData(TlsRouteServers.One, "--http2", "--tlsv1.2")]
    [InlineData(TlsRouteServers.Two, "--http2", "--tlsv1.2")]
    public async Task The_name_that_a_client_asks_for_leads_to_whose_certificate_it_is(
        string name,
        string first,
        string second
    )
    {
        var home = await servers.Home();
        var answer = home.Run(
            "curl",
            "-sS",
            "--max-time",
            "20",
            "--cacert",
            servers.Authority,
            "--resolve",
            $"{name}:{TlsRouteServers.Port}:127.0.0.1",
            first,
            second,
            $"https://{name}:{TlsRouteServers.Port}/"
        );
        Assert.Equal(name, answer);
    }

    [Fact]
    public async Task Who_no_route_takes_is_turned_away()
    {
        var home = await servers.Home();
        var (code, _, errors) = home.Run(() =>
            Tool.Try("curl", "", "-ksS", "--max-time", "20", $"https://127.0.0.1:{TlsRouteServers.Port}/")
        );
        Assert.Equal(35, code);
        Assert.Contains("reset", errors, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A hello of more than one MTU, whole or in pieces, with what the route asks for at its end.</summary>
    [Theory]
    [InlineData(TlsRouteServers.One, 0, Whole)]
    [InlineData(TlsRouteServers.Two, 0, 1)]
    [InlineData(TlsRouteServers.One, 250, Whole)]
    [InlineData(TlsRouteServers.One, 250, 7)]
    [InlineData(TlsRouteServers.Two, 250, 7)]
    [InlineData(TlsRouteServers.Challenge, 250, Whole)]
    [InlineData(TlsRouteServers.Challenge, 250, 5)]
    [InlineData(TlsRouteServers.Challenge, 0, 1)]
    public async Task A_hello_may_be_large_and_come_in_any_pieces(string name, int protocols, int length)
    {
        var home = await servers.Home();
        var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Place);
        await using var stream = new TinySegments(socket, length);
        await using var tls = new SslStream(stream);
        var last = name == TlsRouteServers.Challenge ? TlsRouteServers.ChallengeProtocol : "http/1.1";
        using var root = X509CertificateLoader.LoadCertificateFromFile(servers.Authority);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols =
            [
                .. Enumerable.Range(0, protocols).Select(i => new SslApplicationProtocol($"proto-{i:d4}")),
                new SslApplicationProtocol(last),
            ],
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        await Wait.For(tls.AuthenticateAsClientAsync(options), "the handshake");
        Assert.True(length == Whole || stream.Segments > 100, $"only {stream.Segments} segments");
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);
        Assert.EndsWith(name, await Wait.For(reader.ReadToEndAsync(), "an answer"), StringComparison.Ordinal);
    }
}
