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
    public async Task Too_few_connections_that_succeed_are_told_whichever_loops_they_come_on()
    {
        await using var harness = Harness(null);
        harness.EjectBelow = new() { Below = 0.75, Requests = 5 };
        var address = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var backend = PlaneHarness.Backend(address);
        var target = await harness.ServeTcpAsync(backend);
        using (var listener = Listen(address))
        {
            for (var success = 0; success < 6; success++)
            {
                using var client = await Sockets.ConnectAsync(target);
                using var server = await listener.AcceptOneAsync();
                await client.SendAllAsync("x"u8.ToArray());
                Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
            }
        }

        for (var failures = 1; failures <= 4; failures++)
        {
            await Sockets.AssertTurnedAwayAsync(target);
            await Wait.Until(() => harness.Counters.ConnectFailures == failures, "the failure to be counted");
            Assert.Equal(failures >= 3 ? 1 : 0, _signals.Count);
        }

        Assert.Equal(
            ("u", backend.Id, "66% of 9 connections in 10s succeeded, at least 75% must"),
            _signals.Select(signal => (signal.Upstream, signal.Backend, signal.What)).Single()
        );
    }

    [Fact]
    public async Task A_connection_that_is_reset_before_an_answer_did_not_succeed()
    {
        await using var harness = Harness(null);
        harness.EjectBelow = new() { Below = 0.6, Requests = 4 };
        var address = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(address));
        using var listener = Listen(address);
        for (var connection = 1; connection <= 4; connection++)
        {
            using var client = await Sockets.ConnectAsync(target);
            using var server = await listener.AcceptOneAsync();
            await client.SendAllAsync("x"u8.ToArray());
            Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
            if (connection % 2 == 1)
            {
                // This one has answered: what becomes of it then is its own affair.
                await server.SendAllAsync("y"u8.ToArray());
                Assert.Equal("y"u8.ToArray(), await client.ReceiveExactlyAsync(1));
            }

            server.LingerState = new LingerOption(true, 0);
            server.Close();
            var resets = connection;
            await Wait.Until(() => harness.Counters.Resets == resets, "the reset to be counted");
        }

        await Wait.Until(() => !_signals.IsEmpty, "the complaint");
        Assert.Equal("50% of 4 connections in 10s succeeded, at least 60% must", Assert.Single(_signals).What);
    }

    [Fact]
    public async Task A_session_of_datagrams_is_a_success_when_it_is_answered_and_not_each_time()
    {
        await using var harness = Harness(null);
        harness.EjectBelow = new() { Below = 0.9, Requests = 3 };
        using var client = new UdpClient();
        using (var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            var backend = PlaneHarness.Backend(server.Client.LocalEndPoint!);
            var port = PlaneHarness.FreePort(ProtocolType.Udp);
            await harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, backend));
            client.Connect(IPAddress.Loopback, port);
            for (var question = 0; question < 5; question++)
            {
                await client.SendAsync("x"u8.ToArray());
                var asked = await server.ReceiveAsync(TestContext.Current.CancellationToken);
                await server.SendAsync("y"u8.ToArray(), asked.RemoteEndPoint);
                _ = await client.ReceiveAsync(TestContext.Current.CancellationToken);
            }
        }

        await Wait.Until(
            async () =>
            {
                await client.SendAsync("x"u8.ToArray());
                return !_signals.IsEmpty;
            },
            "the complaint"
        );
        Assert.Equal("33% of 3 connections in 10s succeeded, at least 90% must", _signals.First().What);
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
