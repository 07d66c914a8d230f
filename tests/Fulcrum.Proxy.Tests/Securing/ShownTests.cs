using System.Net.Security;
using System.Text;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Protocols.ProxyHeaders;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>Who a client has shown to be, as logs, routes and backends are told.</summary>
public sealed class ShownTests : IDisposable
{
    private readonly List<TestCertificate> _issued = [];

    [Theory]
    [InlineData(true, " tls.client-subject=dns:robot.shop.example,cn:robot.shop.example")]
    [InlineData(false, "")]
    public async Task The_access_log_tells_it(bool isShown, string subject)
    {
        await using var scene = new TlsScene();
        var file = scene.PathOf("access.log");
        scene.Harness.AccessLog = new() { File = file };
        await scene.ServeAsync(TerminationOf(scene));
        await using (var client = await ConnectAsync(scene, isShown))
        {
            await client.WriteAsync("x"u8.ToArray());
            using var server = await scene.AcceptAsync();
            _ = await server.ReceiveExactlyAsync(1);
        }
        await scene.Harness.UntilActiveAsync(0);
        await Wait.Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the line to be written");
        Assert.EndsWith(
            $" tls.cipher=TLS_AES_128_GCM_SHA256{subject} tls.sni=a.example tls.version=tls1.3\n",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Routes_can_ask_for_it()
    {
        await using var scene = new TlsScene();
        using var robots = Sockets.Listen();
        var match = new Match
        {
            Fields =
            [
                new("tls.client-subject", [new(TextPatternKind.Wildcard, "dns:*.shop.example")]),
                new("tls.version", [new(TextPatternKind.Exact, "tls1.3")]),
            ],
        };
        await scene.ServeAsync(
            TerminationOf(scene),
            listener =>
                listener with
                {
                    Destinations =
                    [
                        .. listener.Destinations,
                        scene.Harness.Destination("robots", PlaneHarness.Backend(robots.LocalEndPoint!)),
                    ],
                    Routes = [PlaneHarness.Route(1, match), PlaneHarness.Route(0)],
                }
        );
        await using var robot = await ConnectAsync(scene, isShown: true);
        await robot.WriteAsync("r"u8.ToArray());
        using var forRobots = await robots.AcceptOneAsync();
        Assert.Equal("r"u8.ToArray(), await forRobots.ReceiveExactlyAsync(1));
        await using var other = await ConnectAsync(scene, isShown: false);
        await other.WriteAsync("o"u8.ToArray());
        using var forOthers = await scene.AcceptAsync();
        Assert.Equal("o"u8.ToArray(), await forOthers.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task A_PROXY_header_tells_backends()
    {
        await using var scene = new TlsScene();
        scene.Harness.Connect = new() { ProxyProtocol = new() { Fields = [ProxyHeaderField.Ssl] } };
        await scene.ServeAsync(TerminationOf(scene));
        const ProxySslFlags Both = ProxySslFlags.CertificateInSession | ProxySslFlags.CertificateOnConnection;
        const string Names = "SslVersion=TLSv1.3 SslCommonName=robot.shop.example";
        var options = OptionsFor(scene, isShown: true);
        Assert.Equal((ProxySslFlags.Tls | Both, 0u, Names), await ToldAsync(scene, options));
        Assert.Equal(
            (ProxySslFlags.Tls | ProxySslFlags.CertificateInSession, 0u, Names),
            await ToldAsync(scene, options)
        );
        Assert.Equal(1, scene.Harness.Counters.TlsResumed);
        Assert.Equal(
            (ProxySslFlags.Tls, 1u, "SslVersion=TLSv1.3"),
            await ToldAsync(scene, OptionsFor(scene, isShown: false))
        );
    }

    [Fact]
    public async Task Of_a_client_in_the_clear_nothing_is_told()
    {
        await using var scene = new TlsScene();
        scene.Harness.Connect = new() { ProxyProtocol = new() { Fields = [ProxyHeaderField.Ssl] } };
        await scene.ServeInTheClearAsync(scene.Backend);
        using var client = await Sockets.ConnectAsync(scene.Place);
        using var server = await scene.AcceptAsync();
        Assert.Equal(ProxyReading.Complete, Read(await server.ReceiveExactlyAsync(28), out var ssl));
        Assert.Null(ssl);
    }

    public void Dispose() => _issued.ForEach(one => one.Dispose());

    private static async Task<(ProxySslFlags, uint, string)> ToldAsync(
        TlsScene scene,
        SslClientAuthenticationOptions options
    )
    {
        await using var client = await scene.ConnectAsync(options);
        await client.WriteAsync("x"u8.ToArray());
        using var server = await scene.AcceptAsync();
        (ProxySslFlags, uint, string)? told = null;
        for (var header = new List<byte>(); told is null; )
        {
            header.AddRange(await server.ReceiveExactlyAsync(1));
            _ = Read([.. header], out told);
        }
        // The ticket comes with what the server says.
        await server.SendAllAsync("y"u8.ToArray());
        await client.ReadExactlyAsync(new byte[1]);
        return told.Value;
    }

    private static ProxyReading Read(byte[] bytes, out (ProxySslFlags, uint, string)? told)
    {
        told = null;
        var reading = ProxyHeaderReader.Read(bytes, out var header, out _);
        if (
            reading == ProxyReading.Complete
            && header.Tlvs.TryGet(ProxyTlvType.Ssl, out var value)
            && ProxySsl.TryRead(value, out var ssl)
        )
        {
            var inner = new List<string>();
            foreach (var tlv in ssl.Tlvs)
            {
                inner.Add($"{tlv.Type}={Encoding.UTF8.GetString(tlv.Value)}");
            }
            told = (ssl.Client, ssl.Verify, string.Join(' ', inner));
        }
        return reading;
    }

    private static TlsTermination TerminationOf(TlsScene scene)
    {
        var file = scene.PathOf("clients.pem");
        File.WriteAllText(file, scene.Authority.Pem);
        return new()
        {
            Certificates = [scene.Issue("a.example")],
            ClientAuthorities = file,
            ClientCertificate = ClientCertificateDemand.Optional,
        };
    }

    private Task<SslStream> ConnectAsync(TlsScene scene, bool isShown) =>
        scene.ConnectAsync(OptionsFor(scene, isShown));

    private SslClientAuthenticationOptions OptionsFor(TlsScene scene, bool isShown)
    {
        var options = scene.OptionsFor("a.example");
        if (isShown)
        {
            _issued.Add(scene.Authority.Issue("robot.shop.example"));
            options.ClientCertificateContext = _issued[^1].Context;
        }
        return options;
    }
}
