using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class ComplaintTests : IPassiveListener
{
    private readonly ConcurrentQueue<PassiveSignal> _signals = [];

    void IPassiveListener.OnSignal(PassiveSignal signal) => _signals.Enqueue(signal);

    [Fact]
    public async Task Failures_in_a_row_are_told_whichever_loop_they_come_on()
    {
        await using var harness = Harness(3);
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        var target = await harness.ServeTcpAsync(dead);
        for (var failures = 1; failures <= 7; failures++)
        {
            await Sockets.AssertTurnedAwayAsync(target);
            await Wait.Until(() => harness.Counters.ConnectFailures == failures, "the failure to be counted");
            Assert.Equal(failures / 3, _signals.Count);
        }

        Assert.All(
            _signals,
            signal =>
                Assert.Equal(
                    ("u", dead.Id, "3 connections in a row failed"),
                    (signal.Upstream, signal.Backend, signal.What)
                )
        );
    }

    [Fact]
    public async Task A_connection_that_stands_ends_the_row()
    {
        await using var harness = Harness(2);
        var address = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(address));
        for (var round = 1; round <= 3; round++)
        {
            await Sockets.AssertTurnedAwayAsync(target);
            using var listener = Listen(address);
            using var client = await Sockets.ConnectAsync(target);
            using var server = await listener.AcceptOneAsync();
            await client.SendAllAsync("x"u8.ToArray());
            Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
        }

        Assert.Empty(_signals);
    }

    [Fact]
    public async Task Datagrams_that_nobody_takes_count_too()
    {
        await using var harness = Harness(2);
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp)));
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, dead));
        using var client = new UdpClient();
        client.Connect(IPAddress.Loopback, port);
        await Wait.Until(
            async () =>
            {
                await client.SendAsync("x"u8.ToArray());
                return !_signals.IsEmpty;
            },
            "the complaint"
        );
    }

    [Fact]
    public async Task Without_a_rule_nobody_complains()
    {
        await using var harness = Harness(null);
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        var target = await harness.ServeTcpAsync(dead);
        for (var i = 0; i < 10; i++)
        {
            await Sockets.AssertTurnedAwayAsync(target);
        }

        Assert.Empty(_signals);
    }

    private PlaneHarness Harness(int? after)
    {
        var harness = new PlaneHarness { EjectAfter = after };
        harness.Plane.Complaints = this;
        return harness;
    }

    private static Socket Listen(IPEndPoint address)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen();
        return listener;
    }
}
