using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class SourceLimitTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Connections_of_one_address_are_exact_over_all_loops(int loops)
    {
        const int Limit = 7;
        await using var harness = new PlaneHarness(loops: loops);
        harness.Client = new ClientRules { MaxConnectionsPerAddress = Limit };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Limit * 4).Select(index => Sockets.TryConnectFromAsync((index % 2) + 1, target))
        );
        await Wait.Until(() => harness.Counters.RefusedBySource == Limit * 2, "the refusals");
        Assert.Equal(Limit * 2, harness.Counters.Active);
        Assert.Equal(Limit * 2, harness.Counters.Total);
        Assert.Equal(Limit * 2, harness.Counters.Refused);
        Assert.Equal(2, harness.Observed.Sources?.Known);

        Array.ForEach(clients, client => client?.Dispose());
        for (var served = 0; served < Limit * 2; served++)
        {
            (await listener.AcceptOneAsync()).Dispose();
        }
        await harness.UntilActiveAsync(0);
        using var late = await Sockets.TryConnectFromAsync(1, target);
        await harness.UntilActiveAsync(1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task New_connections_of_one_address_come_at_their_rate_over_all_loops(int loops)
    {
        const int Burst = 5;
        await using var harness = new PlaneHarness(new ManualTimeProvider(), loops: loops);
        harness.Client = new ClientRules { RatePerAddress = 10, BurstPerAddress = Burst };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        await AssertAdmittedAsync(harness, target, 1, 20, Burst);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(99));
        await AssertAdmittedAsync(harness, target, 1, 3, 0);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await AssertAdmittedAsync(harness, target, 1, 3, 1);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(300));
        await AssertAdmittedAsync(harness, target, 1, 20, 3);
        await AssertAdmittedAsync(harness, target, 2, 20, Burst);
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        await AssertAdmittedAsync(harness, target, 1, 20, Burst);
        Assert.Equal(0, harness.Counters.RefusedBySource);
    }

    [Fact]
    public async Task When_no_more_addresses_can_be_watched_new_ones_are_refused_and_counted()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { MaxConnectionsPerAddress = 9, TableSize = 2 };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var one = await Sockets.TryConnectFromAsync(1, target);
        using var two = await Sockets.TryConnectFromAsync(2, target);
        await harness.UntilActiveAsync(2);
        using var three = await Sockets.TryConnectFromAsync(3, target);
        await Wait.Until(() => harness.Counters.RefusedCrowded == 1, "the refusal");
        Assert.Equal(new KnownClients(2, 1), harness.Observed.Sources);

        one!.Abort();
        await harness.UntilActiveAsync(1);
        using var again = await Sockets.TryConnectFromAsync(3, target);
        await harness.UntilActiveAsync(2);
        Assert.Equal(1, harness.Counters.Refused);
    }

    [Fact]
    public async Task A_refused_client_costs_no_backend_and_no_place_of_the_service()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { MaxConnectionsPerAddress = 1, MaxConnections = 2 };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var one = await Sockets.TryConnectFromAsync(1, target);
        await harness.UntilActiveAsync(1);
        for (var count = 1; count <= 10; count++)
        {
            using var more = await Sockets.TryConnectFromAsync(1, target);
            await Wait.Until(() => harness.Counters.RefusedBySource == count, "the refusal");
        }
        using var two = await Sockets.TryConnectFromAsync(2, target);
        await harness.UntilActiveAsync(2);
        // At the bound of the service a source gets back what it was given.
        for (var count = 1; count <= 3; count++)
        {
            using var three = await Sockets.TryConnectFromAsync(3, target);
            await Wait.Until(() => harness.Counters.RefusedByLimit == count, "the refusal");
        }
        Assert.Equal(2, harness.Counters.Total);
        using var first = await listener.AcceptOneAsync();
        using var second = await listener.AcceptOneAsync();
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_reload_keeps_what_is_counted_and_a_smaller_limit_holds_for_all()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { MaxConnectionsPerAddress = 3 };
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var target = await harness.ServeTcpAsync(backend);
        using var one = await Sockets.ConnectAsync(target);
        using var two = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(2);

        harness.Client = new ClientRules { MaxConnectionsPerAddress = 2 };
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, backend)));
        await Sockets.AssertTurnedAwayAsync(target);
        await Wait.Until(() => harness.Counters.RefusedBySource == 1, "the refusal");
        one.Abort();
        await harness.UntilActiveAsync(1);
        using var three = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(2);

        harness.Client = ClientRules.None;
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, backend)));
        using var four = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(3);
    }

    [Fact]
    public async Task Udp_sessions_of_one_address_have_the_same_limits()
    {
        const int Limit = 3;
        await using var harness = new PlaneHarness();
        harness.Client = new ClientRules { MaxConnectionsPerAddress = Limit };
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        var clients = Enumerable.Range(0, 10).Select(_ => OpenUdp(port)).ToList();
        clients.ForEach(client => client.Send([1]));
        await Wait.Until(() => harness.Counters.RefusedBySource == 10 - Limit, "the refusals");
        Assert.Equal(Limit, harness.Counters.Active);
        Assert.Equal(10 - Limit, harness.Counters.DroppedRefused);
        clients.ForEach(client => client.Dispose());
    }

    private static async Task AssertAdmittedAsync(
        PlaneHarness harness,
        IPEndPoint target,
        int source,
        int attempts,
        int admitted
    )
    {
        var before = harness.Counters;
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            using var client = await Sockets.TryConnectFromAsync(source, target);
            await Wait.Until(
                () => harness.Counters.Total + harness.Counters.Refused == before.Total + before.Refused + attempt,
                "an answer"
            );
        }
        Assert.Equal(admitted, harness.Counters.Total - before.Total);
        Assert.Equal(attempts - admitted, harness.Counters.RefusedByRate - before.RefusedByRate);
    }

    private static Socket OpenUdp(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
