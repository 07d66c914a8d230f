using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Very many clients that send one datagram each and are never seen again.</summary>
public sealed class UdpFloodTests
{
    private const int Most = 1_000;
    private const int Burst = 100;

    [Fact]
    public async Task One_shot_peers_take_no_more_than_the_bound_and_others_are_served()
    {
        var peers = Soak.Count(100_000, atLeast: 4 * Most);
        using var network = NetworkNamespace.Create("flood");
        await using var harness = network.Run(() => new PlaneHarness());
        harness.Sessions = new SessionOptions { MaxUdpSessions = Most };
        using var backend = network.Run(() => Open(IPAddress.Loopback));
        _ = EchoAsync(backend);
        var target = network.Run(() => ServeAsync(harness, IPAddress.Loopback, backend).GetAwaiter().GetResult());
        using var client = network.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(target);
        var sockets = Sockets.Count();
        var memory = 0L;
        for (var sent = 0; sent < peers; )
        {
            network.Run(() =>
            {
                for (var end = Math.Min(sent + Burst, peers); sent < end; sent++)
                {
                    SendOnce(sent, target);
                }
            });
            // Not before: a socket's buffer holds a few hundred datagrams, and what does not fit is lost to everybody.
            await Wait.Until(() => harness.Counters.Total >= sent, $"sessions of {sent} peers");
            Assert.Equal([(byte)sent], await AskAsync(client, [(byte)sent]));
            Assert.InRange(harness.Counters.Active, 1, Most);
            if (memory == 0 && sent >= 2 * Most)
            {
                memory = GC.GetTotalMemory(forceFullCollection: true);
            }
        }
        var counters = harness.Counters;
        Assert.Equal(counters.Total - counters.Active, counters.Evicted);
        Assert.InRange(counters.Evicted, peers - Most, peers);
        Assert.Equal(counters.Evicted, counters.Dropped);
        Assert.InRange(Sockets.Count() - sockets, 1, Most);
        // Sessions that have ended are used again: the many cost no more than the bound did.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 1024 * 1024);
    }

    private static void SendOnce(int number, IPEndPoint target)
    {
        // 127.1.0.0/16 and as many ports as the kernel chooses from: no two are alike.
        var address = new IPAddress([127, 1, (byte)(number >> 8), (byte)number]);
        using var peer = Open(address);
        peer.SendTo("x"u8, target);
    }
}
