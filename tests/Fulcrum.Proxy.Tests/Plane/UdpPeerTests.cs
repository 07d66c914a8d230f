using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A listener that serves one client and drops what all others send.</summary>
public sealed class UdpPeerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_the_peer_is_served(bool isByPort)
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        using var peer = Open(IPAddress.Parse("127.0.0.5"));
        using var neighbour = Open(IPAddress.Parse("127.0.0.5"));
        using var stranger = Open(IPAddress.Parse("127.0.0.6"));
        var end = (IPEndPoint)peer.LocalEndPoint!;
        var target = await ServeAsync(harness, new IPEndPoint(end.Address, isByPort ? end.Port : 0), backend);
        await Task.WhenAll(new[] { peer, neighbour, stranger }.Select(socket => socket.ConnectAsync(target)));

        Assert.Equal([1], await AskAsync(peer, [1]));
        stranger.SendTrainsOf(100);
        await stranger.SendAsync(new byte[20 * 100]);
        await Wait.Until(() => harness.Counters.DroppedRefused == 20, "every datagram of the stranger to be counted");
        Assert.Equal(1, harness.Counters.RefusedByRule);
        if (isByPort)
        {
            await neighbour.SendAsync(new byte[1]);
            await Wait.Until(() => harness.Counters.DroppedRefused == 21, "the neighbour's datagram to be counted");
        }
        else
        {
            Assert.Equal([2], await AskAsync(neighbour, [2]));
        }
        Assert.Equal([3], await AskAsync(peer, [3]));
        Assert.Equal(isByPort ? 1 : 2, harness.Counters.Total);
        Assert.Equal(0, stranger.Available);
    }

    [Fact]
    public async Task Only_datagrams_have_a_single_peer()
    {
        await using var harness = new PlaneHarness();
        var service = harness.Service(PlaneHarness.FreePort());
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            harness.ApplyAsync(harness.Table(WithPeer(service, new IPEndPoint(IPAddress.Loopback, 0))))
        );
        Assert.Contains("over UDP only", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<IPEndPoint> ServeAsync(PlaneHarness harness, IPEndPoint peer, Socket backend)
    {
        var target = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        var service = harness.Service(
            ListenerProtocol.Udp,
            target.Address,
            target.Port,
            PlaneHarness.Backend(backend.LocalEndPoint!)
        );
        await harness.ApplyAsync(harness.Table(WithPeer(service, peer)));
        return target;
    }

    private static PlaneService WithPeer(PlaneService service, IPEndPoint peer)
    {
        var listener = service.Listeners[0];
        return service with { Listeners = [listener with { Listener = listener.Listener with { Peer = peer } }] };
    }
}
