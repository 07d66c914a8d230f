using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class TcpConnectTests
{
    [Fact]
    public async Task A_refused_connection_goes_to_another_backend_with_all_its_bytes()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        var target = await harness.ServeTcpAsync(dead, PlaneHarness.Backend(listener.LocalEndPoint!));
        for (var round = 0; round < 10; round++)
        {
            using var client = await Sockets.ConnectAsync(target);
            await client.SendAllAsync(new[] { (byte)round });
            Assert.Equal([(byte)round], await client.ReceiveExactlyAsync(1));
        }
        var failures = harness.Counters.ConnectFailures;
        Assert.InRange(failures, 1, 10);
        Assert.Equal(failures, harness.Counters.Retries);
        var observed = Observed(harness, dead.Id);
        Assert.Equal(failures, observed.ConnectFailures);
        Assert.Equal(0, observed.Active);
    }

    [Fact]
    public async Task Without_any_backend_that_answers_the_client_is_reset()
    {
        await using var harness = new PlaneHarness();
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        await Sockets.AssertTurnedAwayAsync(await harness.ServeTcpAsync(dead));
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task A_backend_that_does_not_answer_is_given_up_after_the_time_out()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var silent = Sockets.Listen(backlog: 0);
        var fillers = await silent.FillAsync();
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(silent.LocalEndPoint!),
            PlaneHarness.Backend(listener.LocalEndPoint!)
        );
        // Two at once: by turns, on whichever loops they come, at least one goes to the silent one first.
        using var one = await Sockets.ConnectAsync(target);
        using var two = await Sockets.ConnectAsync(target);
        using var three = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(3);
        var waiting = Observed(harness, silent.LocalEndPoint!.ToString()!).Active;
        Assert.InRange(waiting, 1, 3);
        await harness.SyncAsync();

        await harness.AdvanceAsync(harness.ConnectTimeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, harness.Counters.ConnectFailures);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await Wait.Until(() => harness.Counters.ConnectFailures == waiting, "the time-outs");
        for (var index = 0; index < 3; index++)
        {
            using var server = await listener.AcceptOneAsync();
        }
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public async Task A_thousand_connections_live_on_both_loops()
    {
        const int Count = 1000;
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        var clients = new List<Socket>();
        for (var index = 0; index < Count; index++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
        }
        for (var index = 0; index < Count; index++)
        {
            await clients[index].SendAllAsync(BitConverter.GetBytes(index));
        }
        for (var index = 0; index < Count; index++)
        {
            Assert.Equal(index, BitConverter.ToInt32(await clients[index].ReceiveExactlyAsync(4)));
        }
        Assert.Equal(Count, harness.Counters.Active);
        Assert.Equal(Count, harness.Counters.Total);
        foreach (var loop in harness.Plane.EventLoops)
        {
            var sockets = await loop.InvokeAsync(() => loop.Reactor.Sockets);
            Assert.InRange(sockets, Count / 4, Count * 2);
            Assert.Equal(0, await harness.BuffersInUseAsync(loop));
        }
        clients.ForEach(client => client.Dispose());
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task The_limit_of_connections_is_exact_over_all_loops()
    {
        const int Limit = 10;
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { MaxConnections = Limit };
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        var clients = new List<Socket?>();
        for (var index = 0; index < Limit * 3; index++)
        {
            clients.Add(await Sockets.TryConnectAsync(target));
        }
        await Wait.Until(() => harness.Counters.Refused == Limit * 2, "the refusals");
        Assert.Equal(Limit, harness.Counters.Active);
        clients.ForEach(client => client?.Dispose());
        await harness.UntilActiveAsync(0);
        using var late = await Sockets.ConnectAsync(target);
        await late.SendAllAsync("x"u8.ToArray());
        _ = await late.ReceiveExactlyAsync(1);
    }

    [Fact]
    public async Task A_full_backend_gets_nobody_until_somebody_leaves()
    {
        const int Limit = 4;
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!) with { MaxConnections = Limit };
        var target = await harness.ServeTcpAsync(backend);
        var clients = new List<Socket?>();
        for (var index = 0; index < Limit * 3; index++)
        {
            clients.Add(await Sockets.TryConnectAsync(target));
        }
        await Wait.Until(() => harness.Counters.Refused == Limit * 2, "the refusals");
        Assert.Equal(Limit, Observed(harness, backend.Id).Active);
        clients.ForEach(client => client?.Dispose());
        await harness.UntilActiveAsync(0);
        using var late = await Sockets.ConnectAsync(target);
        await late.SendAllAsync("x"u8.ToArray());
        _ = await late.ReceiveExactlyAsync(1);
    }

    [Fact]
    public async Task A_denied_client_is_reset_and_counted()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { Deny = [IPNetwork.Parse("127.0.0.0/8")] };
        using var listener = Sockets.Listen();
        await Sockets.AssertTurnedAwayAsync(await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!)));
        Assert.Equal(1, harness.Counters.Refused);
    }

    private static SessionCounters Observed(PlaneHarness harness, string id) =>
        harness.Plane.Observe().Services[0].Backends.Single(backend => backend.Id == id).Counters;
}
