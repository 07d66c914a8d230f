using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class ConnectOptionsTests
{
    [Fact]
    public async Task Connections_come_from_the_addresses_that_are_named_each_in_turn()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            new() { Source = [IPAddress.Parse("127.0.0.9"), IPAddress.Parse("127.0.0.10"), IPAddress.IPv6Loopback] },
            PlaneHarness.Backend(listener.LocalEndPoint!)
        );
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            using var client = await Sockets.ConnectAsync(place);
            using var server = await listener.AcceptOneAsync();
            seen.Add(((IPEndPoint)server.RemoteEndPoint!).Address.ToString());
        }
        // Each loop takes them in turn together with the others.
        Assert.Equal(["127.0.0.10", "127.0.0.9"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Connections_come_from_the_ports_that_are_named()
    {
        // Among those that the kernel chooses from, as all machines have it.
        const int First = 40000;
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            new() { SourcePorts = new PortRange(First, First + 63), Source = [IPAddress.Parse("127.0.0.11")] },
            PlaneHarness.Backend(listener.LocalEndPoint!)
        );
        for (var i = 0; i < 8; i++)
        {
            using var client = await Sockets.ConnectAsync(place);
            using var server = await listener.AcceptOneAsync();
            Assert.InRange(((IPEndPoint)server.RemoteEndPoint!).Port, First, First + 63);
        }
    }

    [Fact]
    public async Task Ports_that_the_kernel_would_not_choose_are_refused_beforehand()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            ServeAsync(
                harness,
                new() { SourcePorts = new PortRange(1, 2) },
                PlaneHarness.Backend(listener.LocalEndPoint!)
            )
        );
        Assert.Contains("ip_local_port_range", Assert.Single(refusal.Problems).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_of_text_comes_before_the_first_byte()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
            PlaneHarness.Backend(listener.LocalEndPoint!)
        );
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync("hello"u8.ToArray());
        using var server = await listener.AcceptOneAsync();
        var from = (IPEndPoint)client.LocalEndPoint!;
        var expected = $"PROXY TCP4 127.0.0.1 127.0.0.1 {from.Port} {place.Port}\r\nhello";
        Assert.Equal(expected, Encoding.ASCII.GetString(await server.ReceiveExactlyAsync(expected.Length)));
    }

    [Fact]
    public async Task A_backend_may_want_another_header_than_its_upstream_gives()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
            PlaneHarness.Backend(listener.LocalEndPoint!) with
            {
                Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V2 } },
            }
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await listener.AcceptOneAsync();
        var header = await server.ReceiveExactlyAsync(28);
        Assert.Equal(
            [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11],
            header[..14]
        );
        Assert.Equal([127, 0, 0, 1, 127, 0, 0, 1], header[16..24]);
    }

    [Fact]
    public async Task A_backend_may_be_a_unix_socket()
    {
        await using var harness = new PlaneHarness();
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("app.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var place = await ServeAsync(
            harness,
            new() { Protocol = ConnectProtocol.Unix },
            new PlaneBackend
            {
                Id = "app",
                Address = null,
                Path = path,
                Port = null,
                Weight = 1,
                Duty = BackendDuty.Serve,
            }
        );
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync("question"u8.ToArray());
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("question"u8.ToArray(), await server.ReceiveExactlyAsync(8));
        await server.SendAllAsync("answer"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
        client.Shutdown(SocketShutdown.Send);
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task What_the_kernel_is_told_of_a_listener_holds_for_its_connections_and_can_be_taken_back()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        var service = harness.Service(port, PlaneHarness.Backend(listener.LocalEndPoint!));
        await ApplyAsync(
            new()
            {
                KeepAlive = new() { Idle = TimeSpan.FromSeconds(77) },
                Dscp = 46,
            }
        );
        using (var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)))
        {
            using var server = await listener.AcceptOneAsync();
            Assert.Contains("timer:(keepalive,1min1", await TimersAsync(port));
        }
        await harness.UntilActiveAsync(0);
        await ApplyAsync(SocketTuning.Unset);
        using (var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)))
        {
            using var server = await listener.AcceptOneAsync();
            Assert.DoesNotContain("timer:(keepalive", await TimersAsync(port));
        }

        Task ApplyAsync(SocketTuning tuning) =>
            harness.ApplyAsync(
                harness.Table(
                    service with
                    {
                        Listeners =
                        [
                            service.Listeners[0] with
                            {
                                Listener = service.Listeners[0].Listener with { Socket = tuning },
                            },
                        ],
                    }
                )
            );
    }

    private static Task<string> TimersAsync(int port)
    {
        Require.Tool("ss");
        return Task.FromResult(Tool.Run("ss", "-tno", "state", "established", "sport", "=", $":{port}"));
    }

    private static async Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        ConnectOptions connect,
        params PlaneBackend[] backends
    )
    {
        var port = PlaneHarness.FreePort();
        var service = harness.Service(port);
        var destination = harness.Destination("u", backends);
        destination = destination with { Upstream = destination.Upstream with { Connect = connect } };
        await harness.ApplyAsync(
            harness.Table(service with { Listeners = [service.Listeners[0] with { Destinations = [destination] }] })
        );
        return new IPEndPoint(IPAddress.Loopback, port);
    }
}
