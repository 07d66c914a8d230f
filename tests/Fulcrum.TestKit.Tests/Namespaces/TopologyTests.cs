using System.Net;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.TestKit.Tests.Namespaces;

public sealed class TopologyTests
{
    [Fact]
    public async Task Hosts_reach_each_other_over_both_families_at_once()
    {
        using var net = new Topology();
        var client = net.AddHost("client");
        var server = net.AddHost("server");
        foreach (var address in new[] { server.Address, server.Address6 })
        {
            await using var listener = TcpServer.Start(
                server.Namespace,
                new IPEndPoint(address, 0),
                _ => Task.CompletedTask
            );
            Assert.True(await Ports.Accepts(client.Namespace, listener.EndPoint), $"{address}");
        }
    }

    [Fact]
    public async Task Segments_are_separate()
    {
        using var net = new Topology();
        var back = net.AddSegment();
        var client = net.AddHost("client");
        var router = net.AddHost("router", net.Segment, back);
        var server = net.AddHost("server", back);
        Assert.Equal("10.0.2.2", server.Address.ToString());
        client.Namespace.Ip("route", "add", "10.0.2.0/24", "via", $"{router.Address}");
        server.Namespace.Ip("route", "add", "10.0.1.0/24", "via", $"{router.Links[1].Address}");
        await using var listener = TcpServer.Start(
            server.Namespace,
            new IPEndPoint(server.Address, 0),
            _ => Task.CompletedTask
        );
        Assert.False(await Ports.Accepts(client.Namespace, listener.EndPoint));
        router.Namespace.Sysctl("net.ipv4.ip_forward", "1");
        Assert.True(await Ports.Accepts(client.Namespace, listener.EndPoint));
    }

    [Fact]
    public async Task Links_can_be_unplugged_and_taken_down_and_come_back()
    {
        using var net = new Topology();
        var client = net.AddHost("client");
        var server = net.AddHost("server");
        await using var listener = TcpServer.Start(
            server.Namespace,
            new IPEndPoint(server.Address6, 0),
            _ => Task.CompletedTask
        );
        client.Link.Unplug();
        Assert.False(await Ports.Accepts(client.Namespace, listener.EndPoint));
        client.Link.Plug();
        await Wait.Until(() => Ports.Accepts(client.Namespace, listener.EndPoint), "the plugged link");
        client.Link.Down();
        Assert.False(await Ports.Accepts(client.Namespace, listener.EndPoint));
        client.Link.Up();
        await Wait.Until(() => Ports.Accepts(client.Namespace, listener.EndPoint), "the link that is up");
    }

    [Fact]
    public async Task What_matches_is_dropped_until_it_heals()
    {
        Require.Tool("nft");
        using var net = new Topology();
        var client = net.AddHost("client");
        var server = net.AddHost("server");
        await using var listener = TcpServer.Start(
            server.Namespace,
            new IPEndPoint(server.Address, 0),
            _ => Task.CompletedTask
        );
        await using var other = TcpServer.Start(
            server.Namespace,
            new IPEndPoint(server.Address, 0),
            _ => Task.CompletedTask
        );
        server.Drop($"tcp dport {listener.EndPoint.Port}");
        Assert.False(await Ports.Accepts(client.Namespace, listener.EndPoint));
        Assert.True(await Ports.Accepts(client.Namespace, other.EndPoint));
        server.Drop("iifname \"eth0\"");
        Assert.False(await Ports.Accepts(client.Namespace, other.EndPoint));
        server.Heal();
        Assert.True(await Ports.Accepts(client.Namespace, listener.EndPoint));
    }

    [Fact]
    public async Task Silence_on_the_way_is_a_connection_that_did_not_stand_in_time()
    {
        Require.Tool("nft");
        using var net = new Topology();
        var client = net.AddHost("client");
        var server = net.AddHost("server");
        server.Drop("meta l4proto tcp");
        await using var load = HttpLoad.Start(
            client.Namespace,
            new HttpLoadOptions
            {
                Target = new IPEndPoint(server.Address, 80),
                RequestsPerClient = 1,
                Timeout = TimeSpan.FromMilliseconds(50),
            }
        );
        var report = await load.Completion();
        Assert.True(report.CountOf(FailureKind.ConnectTimedOut) == 1, report.ToString());
    }
}
