using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class QueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task They_wait_in_order_whichever_loop_they_are_on(int loops)
    {
        const int Waiting = 12;
        await using var harness = new PlaneHarness(new ManualTimeProvider(), loops: loops);
        harness.Queue = new ConnectQueue { Size = Waiting, Timeout = Patience };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 2));
        var servers = new Queue<Socket>();
        var clients = new List<Socket>();
        for (var index = 0; index < 2; index++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            servers.Enqueue(await listener.AcceptOneAsync());
        }
        await QueueUpAsync(harness, target, clients, Waiting);
        Assert.Equal(Waiting + 2, harness.Counters.Active);

        await Sockets.AssertTurnedAwayAsync(target);
        await Wait.Until(() => harness.Counters.RefusedByQueue == 1, "the refusal");

        for (var index = 0; index < Waiting; index++)
        {
            servers.Dequeue().Abort();
            var server = await listener.AcceptOneAsync();
            Assert.Equal(index, (await server.ReceiveExactlyAsync(1))[0]);
            servers.Enqueue(server);
            await Wait.Until(() => harness.Observed.Waiting == Waiting - index - 1, "one less");
        }
        Assert.Equal(1, harness.Counters.Refused);
        clients.ForEach(client => client.Abort());
        await harness.UntilActiveAsync(0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Nobody_is_forgotten_in_a_rush(int loops)
    {
        const int Clients = 400;
        await using var harness = new PlaneHarness(loops: loops);
        harness.Queue = new ConnectQueue { Size = Clients, Timeout = TimeSpan.FromMinutes(5) };
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        _ = Sockets.EchoAsync(one);
        _ = Sockets.EchoAsync(two);
        var target = await harness.ServeTcpAsync(Backend(one, 1), Backend(two, 2));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(AskAsync));
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Observed.Waiting);
        Assert.Equal(0, harness.Counters.Refused);
        Assert.Equal(Clients, harness.Counters.Total);

        async Task AskAsync(int number)
        {
            using var client = await Sockets.ConnectAsync(target);
            await client.SendAllAsync(BitConverter.GetBytes(number));
            Assert.Equal(number, BitConverter.ToInt32(await client.ReceiveExactlyAsync(4)));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Whatever_clients_and_backends_do_in_a_rush_who_stays_is_served_and_nothing_is_left(int loops)
    {
        const int Clients = 400;
        var random = Seeds.NewRandom();
        await using var harness = new PlaneHarness(loops: loops);
        harness.Queue = new ConnectQueue { Size = Clients, Timeout = TimeSpan.FromMinutes(5) };
        harness.Retry = new Retry { Attempts = 7, Wait = TimeSpan.FromMilliseconds(1) };
        harness.Client = new ClientRules { MaxConnectionsPerAddress = Clients };
        harness.Persist = new Persistence { Timeout = TimeSpan.FromMinutes(1) };
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        _ = Sockets.EchoAsync(one);
        _ = Sockets.EchoAsync(two);
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        PlaneBackend[] backends = [Backend(one, 4) with { ResumeConnections = 2 }, dead, Backend(two, 3)];
        var target = await harness.ServeTcpAsync(backends);
        var manners = Enumerable.Range(0, Clients).Select(_ => random.Next(4)).ToList();
        var clients = Task.WhenAll(manners.Select(AskAsync));
        for (var reload = 0; reload < 5; reload++)
        {
            backends[2] = Backend(two, 1 + random.Next(5));
            await harness.ApplyAsync(harness.Table(harness.Service(target.Port, backends)));
        }
        await Wait.For(clients, "all clients", TimeSpan.FromMinutes(2));
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Observed.Waiting);
        Assert.Equal(0, harness.Counters.Refused);
        Assert.All(harness.Observed.Backends, backend => Assert.Equal(0, backend.Counters.Active));

        async Task AskAsync(int manner)
        {
            using var client = await Sockets.ConnectAsync(target);
            await client.SendAllAsync("x"u8.ToArray());
            if (manner == 0)
            {
                client.Abort();
                return;
            }
            _ = await client.ReceiveExactlyAsync(1);
        }
    }

    [Fact]
    public async Task Who_waits_too_long_is_turned_away()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Queue = new ConnectQueue { Size = 5, Timeout = Patience };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 1));
        var clients = new List<Socket> { await Sockets.ConnectAsync(target) };
        await harness.UntilActiveAsync(1);
        await QueueUpAsync(harness, target, clients, 3);
        await harness.AdvanceAsync(Patience - TimeSpan.FromMilliseconds(4));
        Assert.Equal(0, harness.Counters.QueueTimeouts);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(4));
        await harness.UntilActiveAsync(1);
        Assert.Equal(3, harness.Counters.QueueTimeouts);
        Assert.Equal(3, harness.Counters.Refused);
        Assert.Equal(0, harness.Observed.Waiting);
        foreach (var client in clients.Skip(1))
        {
            await client.AssertResetAsync();
        }
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_line_to_the_others()
    {
        await using var harness = new PlaneHarness();
        harness.Queue = new ConnectQueue { Size = 3 };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 1));
        using var first = await Sockets.ConnectAsync(target);
        using var server = await listener.AcceptOneAsync();
        var clients = new List<Socket>();
        await QueueUpAsync(harness, target, clients, 3);
        clients[0].Abort();
        clients[1].Abort();
        await Wait.Until(() => harness.Observed.Waiting == 1, "one less");
        Assert.Equal(2, harness.Counters.Resets);
        server.Abort();
        using var next = await listener.AcceptOneAsync();
        Assert.Equal(2, (await next.ReceiveExactlyAsync(1))[0]);
        clients[2].Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task More_places_are_taken_as_soon_as_they_are_there(int loops)
    {
        await using var harness = new PlaneHarness(loops: loops);
        harness.Queue = new ConnectQueue { Size = 10 };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 1));
        var clients = new List<Socket> { await Sockets.ConnectAsync(target) };
        await harness.UntilActiveAsync(1);
        await QueueUpAsync(harness, target, clients, 6);

        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, Backend(listener, 4))));
        await Wait.Until(() => harness.Observed.Waiting == 3, "three more places");
        using var other = Sockets.Listen();
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, Backend(listener, 4), Backend(other, 2))));
        await Wait.Until(() => harness.Observed.Waiting == 1, "two on another backend");

        // There is no more to be hoped for.
        var resting = Backend(listener, 4) with
        {
            Duty = BackendDuty.Rest,
        };
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, resting)));
        await Wait.Until(() => harness.Observed.Waiting == 0, "the end of waiting");
        Assert.Equal(1, harness.Counters.RefusedUnserved);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_node_that_stops_lets_nobody_wait()
    {
        await using var harness = new PlaneHarness();
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromHours(1) };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 1));
        using var first = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(1);
        var clients = new List<Socket>();
        await QueueUpAsync(harness, target, clients, 4);
        var drained = harness.Plane.DrainAsync(TimeSpan.FromHours(1), null, TestContext.Current.CancellationToken);
        await harness.UntilActiveAsync(1);
        foreach (var client in clients)
        {
            await client.AssertResetAsync();
        }
        first.Abort();
        await Wait.For(drained, "the end of the last session");
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_backend_that_was_full_is_not_used_again_before_it_has_some_places(int loops)
    {
        await using var harness = new PlaneHarness(loops: loops);
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Backend(listener, 5) with { ResumeConnections = 3 });
        var clients = new List<Socket>();
        var servers = new Stack<Socket>();
        for (var index = 0; index < 5; index++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            servers.Push(await listener.AcceptOneAsync());
        }
        await QueueUpAsync(harness, target, clients, 5);
        for (var left = 4; left >= 3; left--)
        {
            servers.Pop().Abort();
            await harness.UntilActiveAsync(left + 5);
            await harness.SyncAsync();
            Assert.Equal(5, harness.Observed.Waiting);
        }
        servers.Pop().Abort();
        await Wait.Until(() => harness.Observed.Waiting == 2, "three who may come, until it is full");
        Assert.Equal(5, harness.Observed.Backends[0].Counters.Active);
        clients.ForEach(client => client.Dispose());
    }

    private static PlaneBackend Backend(Socket listener, int limit) =>
        PlaneHarness.Backend(listener.LocalEndPoint!) with
        {
            MaxConnections = limit,
        };

    /// <summary>Clients that come one after the other to wait; each says its number.</summary>
    private static async Task QueueUpAsync(PlaneHarness harness, IPEndPoint target, List<Socket> clients, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var client = await Sockets.ConnectAsync(target);
            clients.Add(client);
            await client.SendAllAsync(new[] { (byte)index });
            await Wait.Until(() => harness.Observed.Waiting == index + 1, "one more who waits");
            if (harness.IsManual)
            {
                await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
