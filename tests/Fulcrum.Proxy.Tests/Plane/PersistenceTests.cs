using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class PersistenceTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private readonly Socket[] _backends = [.. Enumerable.Range(0, 5).Select(_ => Sockets.Listen())];

    public void Dispose() => Array.ForEach(_backends, backend => backend.Dispose());

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_client_comes_back_to_its_backend_whichever_loop_it_comes_to(int loops)
    {
        await using var harness = Harness(loops);
        var target = await harness.ServeTcpAsync(All());
        var chosen = new HashSet<int>();
        for (var client = 1; client <= 20; client++)
        {
            var first = await VisitAsync(harness, target, client);
            chosen.Add(first);
            for (var visit = 0; visit < 8; visit++)
            {
                Assert.Equal(first, await VisitAsync(harness, target, client));
            }
        }
        Assert.Equal(5, chosen.Count);
        Assert.Equal(new KnownClients(20, 0), harness.Observed.Remembered);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Connections_that_come_all_at_once_have_one_backend(int loops)
    {
        const int AtOnce = 24;
        await using var harness = Harness(loops);
        var target = await harness.ServeTcpAsync(All());
        for (var client = 1; client <= 20; client++)
        {
            var sockets = await Task.WhenAll(
                Enumerable.Range(0, AtOnce).Select(_ => Sockets.TryConnectFromAsync(client, target))
            );
            await harness.UntilActiveAsync(AtOnce);
            Assert.Single(harness.Observed.Backends, backend => backend.Counters.Active == AtOnce);
            Array.ForEach(sockets, socket => socket!.Abort());
            await harness.UntilActiveAsync(0);
        }
    }

    [Fact]
    public async Task A_client_is_remembered_while_it_has_sessions_and_for_a_time_after_the_last()
    {
        await using var harness = Harness();
        harness.Balance = new Balance { Algorithm = BalanceAlgorithm.First };
        // Small enough to be one part, in which whoever comes sweeps out what is over.
        harness.Persist = new Persistence { Timeout = Timeout, TableSize = 100 };
        // The session must not be too long without a word meanwhile.
        harness.Sessions = new SessionOptions { IdleTimeout = Timeout * 10 };
        // It had the second one, because the first was out.
        var target = await harness.ServeTcpAsync(At(0, BackendDuty.Rest), At(1));
        using var client = await Sockets.TryConnectFromAsync(1, target);
        using var server = await _backends[1].AcceptOneAsync();
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, At(0), At(1))));
        Assert.Equal(0, await VisitAsync(harness, target, 2));

        await harness.AdvanceAsync(Timeout * 3);
        Assert.Equal(1, await VisitAsync(harness, target, 1));
        client!.Abort();
        await harness.UntilActiveAsync(0);
        await harness.AdvanceAsync(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await VisitAsync(harness, target, 1));
        await harness.AdvanceAsync(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await VisitAsync(harness, target, 1));
        await harness.AdvanceAsync(Timeout);
        Assert.Equal(0, await VisitAsync(harness, target, 1));
        Assert.Equal(new KnownClients(1, 0), harness.Observed.Remembered);
    }

    [Fact]
    public async Task Who_is_remembered_may_finish_on_a_backend_that_drains_or_is_moved()
    {
        await using var harness = Harness();
        var target = await harness.ServeTcpAsync(At(0));
        Assert.Equal(0, await VisitAsync(harness, target, 1));
        var draining = At(0, BackendDuty.Drain) with { AdmitsRemembered = true };
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, draining, At(1))));
        Assert.Equal(0, await VisitAsync(harness, target, 1));
        Assert.Equal(1, await VisitAsync(harness, target, 2));

        await harness.ApplyAsync(
            harness.Table(harness.Service(target.Port, draining with { AdmitsRemembered = false }, At(1)))
        );
        Assert.Equal(1, await VisitAsync(harness, target, 1));
        // It is the other's client now.
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, draining, At(1))));
        Assert.Equal(1, await VisitAsync(harness, target, 1));
    }

    [Fact]
    public async Task A_backend_that_fails_or_is_gone_or_full_is_left_for_another()
    {
        await using var harness = Harness();
        harness.Balance = new Balance { Algorithm = BalanceAlgorithm.First };
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        var target = await harness.ServeTcpAsync(At(0));
        Assert.Equal(0, await VisitAsync(harness, target, 1));
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, dead, At(2))));
        Assert.Equal(2, await VisitAsync(harness, target, 1));
        Assert.Equal(1, harness.Counters.ConnectFailures);
        // The one that answered is remembered, not the one that was chosen first.
        Assert.Equal(2, await VisitAsync(harness, target, 1));
        Assert.Equal(1, harness.Counters.ConnectFailures);

        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, At(3), At(2) with { MaxConnections = 1 })));
        using var client = await Sockets.TryConnectFromAsync(1, target);
        using var server = await _backends[2].AcceptOneAsync();
        Assert.Equal(3, await VisitAsync(harness, target, 1));
    }

    [Fact]
    public async Task At_the_bound_who_was_unseen_for_longest_is_forgotten()
    {
        await using var harness = Harness();
        harness.Persist = new Persistence { Timeout = Timeout, TableSize = 2 };
        var target = await harness.ServeTcpAsync(All());
        var first = await VisitAsync(harness, target, 1);
        _ = await VisitAsync(harness, target, 2);
        Assert.Equal(first, await VisitAsync(harness, target, 1));
        _ = await VisitAsync(harness, target, 3);
        Assert.Equal(first, await VisitAsync(harness, target, 1));
        Assert.Equal(new KnownClients(2, 1), harness.Observed.Remembered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listeners_that_belong_together_remember_together(bool together)
    {
        await using var harness = Harness();
        harness.Balance = new Balance { Algorithm = BalanceAlgorithm.First };
        var (one, two) = (PlaneHarness.FreePort(), PlaneHarness.FreePort());
        await harness.ApplyAsync(harness.Table(Both(At(0, BackendDuty.Rest), At(1))));
        Assert.Equal(1, await VisitAsync(harness, new IPEndPoint(IPAddress.Loopback, one), 1));
        await harness.ApplyAsync(harness.Table(Both(At(0), At(1))));
        Assert.Equal(1, await VisitAsync(harness, new IPEndPoint(IPAddress.Loopback, one), 1));
        Assert.Equal(together ? 1 : 0, await VisitAsync(harness, new IPEndPoint(IPAddress.Loopback, two), 1));

        PlaneService Both(params PlaneBackend[] backends)
        {
            var service = harness.Service(one, backends);
            var other = harness.Service(two, backends).Listeners[0] with
            {
                Destinations = service.Listeners[0].Destinations,
            };
            return service with { Listeners = [service.Listeners[0], other], Together = together };
        }
    }

    [Fact]
    public async Task A_udp_client_comes_back_too()
    {
        await using var harness = Harness();
        using var one = OpenUdp();
        using var two = OpenUdp();
        harness.Balance = new Balance { Algorithm = BalanceAlgorithm.First };
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var (first, second) = (PlaneHarness.Backend(one.LocalEndPoint!), PlaneHarness.Backend(two.LocalEndPoint!));
        await ServeAsync(first with { Duty = BackendDuty.Rest }, second);
        using var client = OpenUdp();
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await AssertReachesAsync(client, two);
        await ServeAsync(first, second);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        await harness.UntilActiveAsync(0);
        await AssertReachesAsync(client, two);

        // Session and socket stay while the backend drains for those who are remembered.
        await ServeAsync(first, second with { Duty = BackendDuty.Drain, AdmitsRemembered = true });
        var total = harness.Observed.Backends.Sum(backend => backend.Counters.Total);
        await AssertReachesAsync(client, two);
        await AssertReachesAsync(client, two);
        Assert.Equal(total, harness.Observed.Backends.Sum(backend => backend.Counters.Total));
        await ServeAsync(first, second with { Duty = BackendDuty.Drain });
        await AssertReachesAsync(client, one);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        await harness.UntilActiveAsync(0);
        await AssertReachesAsync(client, one);

        Task ServeAsync(params PlaneBackend[] backends) =>
            harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, backends));
    }

    private static PlaneHarness Harness(int loops = PlaneHarness.Loops) =>
        new(new ManualTimeProvider(), loops: loops) { Persist = new Persistence { Timeout = Timeout } };

    private static Socket OpenUdp()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task AssertReachesAsync(Socket client, Socket server)
    {
        await client.SendAsync(new byte[] { 1 });
        Assert.Equal(1, await server.ReceiveSomeAsync(new byte[9]));
    }

    private PlaneBackend[] All() => [.. Enumerable.Range(0, _backends.Length).Select(index => At(index))];

    private PlaneBackend At(int index, BackendDuty duty = BackendDuty.Serve) =>
        PlaneHarness.Backend(_backends[index].LocalEndPoint!, duty);

    /// <summary>One connection from 127.0.0.N, begun and ended; returns the backend that had it.</summary>
    private async Task<int> VisitAsync(PlaneHarness harness, IPEndPoint target, int client)
    {
        var before = harness.Counters.Active;
        using (var visitor = (await Sockets.TryConnectFromAsync(client, target))!)
        {
            var server = -1;
            await Wait.Until(
                () => (server = Array.FindIndex(_backends, backend => backend.Poll(0, SelectMode.SelectRead))) >= 0,
                "the connection at a backend"
            );
            using var accepted = await _backends[server].AcceptOneAsync();
            // Reset before the plane has seen it stand, it would be taken for a backend that cannot be connected to.
            await AssertReachesAsync(visitor, accepted);
            accepted.Abort();
            await harness.UntilActiveAsync(before);
            return server;
        }
    }
}
