using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What is gone from the table but not from the sessions.</summary>
public sealed class FadingTests : IDisposable
{
    private readonly Socket _listener = Sockets.Listen();
    private readonly Socket _other = Sockets.Listen();
    private readonly List<Socket> _ends = [];

    [Fact]
    public async Task A_service_that_is_gone_is_seen_until_its_last_session_has_ended()
    {
        await using var harness = new PlaneHarness();
        var service = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(_listener.LocalEndPoint!));
        var bystander = harness.Service(PlaneHarness.FreePort()) with { Name = "bystander" };
        await harness.ApplyAsync(harness.Table(service, bystander));
        var (client, server) = await ConnectAsync(service);

        await harness.ApplyAsync(harness.Table(bystander));
        Assert.Equal(["s"], harness.Plane.Generation.Fading.Keys);
        var seen = harness.Plane.Observe().Services.Single(observed => observed.Name == service.Name);
        Assert.Equal(1, seen.Counters.Active);
        Assert.Equal(1, Assert.Single(seen.Backends).Counters.Active);

        await EndAsync(client, server);
        await Wait.Until(() => harness.Plane.Generation.Services["s"]!.State.Active == 0, "the session's end");
        await harness.ApplyAsync(harness.Table(bystander with { Mark = 1 }));
        Assert.Equal(["bystander"], harness.Plane.Observe().Services.Select(observed => observed.Name));
        Assert.True(harness.Plane.Generation.Fading.IsEmpty);
        Assert.True(harness.Plane.Generation.Closing.IsEmpty);
        Assert.All(harness.Plane.LoopPlanes, plane => Assert.Empty(plane.Backends));
    }

    [Fact]
    public async Task A_backend_that_is_gone_is_forgotten_though_its_service_does_not_change_any_more()
    {
        await using var harness = new PlaneHarness();
        var gone = PlaneHarness.Backend(_listener.LocalEndPoint!);
        var service = harness.Service(PlaneHarness.FreePort(), gone);
        var bystander = harness.Service(PlaneHarness.FreePort()) with { Name = "bystander" };
        await harness.ApplyAsync(harness.Table(service, bystander));
        var (client, server) = await ConnectAsync(service);

        var rest = harness.Service(
            service.Listeners[0].Listener.Ports.First,
            PlaneHarness.Backend(_other.LocalEndPoint!)
        );
        await harness.ApplyAsync(harness.Table(rest, bystander));
        var counters = Backends(harness).Single(backend => backend.Id == gone.Id).Counters;
        Assert.Equal((1, 1), (counters.Active, counters.Total));
        var fading = harness.Plane.Generation.Services["s"]!;
        await harness.ApplyAsync(harness.Table(rest, bystander with { Mark = 1 }));
        Assert.Same(fading, harness.Plane.Generation.Services["s"]);

        await EndAsync(client, server);
        await Wait.Until(() => fading.Fading.Values.All(backend => backend.State.Active == 0), "the session's end");
        await harness.ApplyAsync(harness.Table(rest, bystander with { Mark = 2 }));
        Assert.Equal([rest.Listeners[0].Upstream.Backends[0].Id], Backends(harness).Select(backend => backend.Id));
        Assert.True(harness.Plane.Generation.Fading.IsEmpty);
        Assert.All(harness.Plane.LoopPlanes, plane => Assert.Single(plane.Backends));
    }

    [Fact]
    public async Task What_comes_back_while_it_fades_goes_on_where_it_was()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        var service = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(_listener.LocalEndPoint!));
        await harness.ApplyAsync(harness.Table(service));
        var (client, server) = await ConnectAsync(service);
        await harness.ApplyAsync(harness.Table());
        await harness.ApplyAsync(harness.Table(service));
        Assert.True(harness.Plane.Generation.Fading.IsEmpty);
        // It is wanted again, so nothing ends what is there.
        await harness.AdvanceAsync(service.Sessions.Drain.Deadline * 2);
        await client.SendAllAsync("still"u8.ToArray());
        Assert.Equal("still"u8.ToArray(), await server.ReceiveExactlyAsync(5));
        var counters = Assert.Single(Backends(harness)).Counters;
        Assert.Equal((1, 1), (counters.Active, counters.Total));
        Assert.All(harness.Plane.LoopPlanes, plane => Assert.Single(plane.Backends));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_while_the_table_is_prepared_keeps_in_sight_what_goes_with_it(bool isServiceGone)
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        var gone = PlaneHarness.Backend(_listener.LocalEndPoint!);
        var service = harness.Service(PlaneHarness.FreePort(), gone);
        var rest = harness.Service(service.Listeners[0].Listener.Ports.First);
        await harness.ApplyAsync(harness.Table(service));

        await using var prepared = await harness.Plane.PrepareAsync(
            isServiceGone ? harness.Table() : harness.Table(rest),
            TestContext.Current.CancellationToken
        );
        var (client, server) = await ConnectAsync(service);
        await prepared.CommitAsync();
        var counters = Assert.Single(Backends(harness)).Counters;
        Assert.Equal((1, 1), (counters.Active, counters.Total));

        // It counts when the backend comes back, and ends in time when it goes again.
        await harness.ApplyAsync(harness.Table(service));
        counters = Assert.Single(Backends(harness)).Counters;
        Assert.Equal((1, 1), (counters.Active, counters.Total));
        await harness.ApplyAsync(isServiceGone ? harness.Table() : harness.Table(rest));
        await harness.AdvanceAsync(service.Sessions.Drain.Deadline);
        await client.AssertResetAsync();
        await server.AssertResetAsync();
    }

    [Fact]
    public async Task What_goes_without_a_session_is_out_of_sight_at_once()
    {
        await using var harness = new PlaneHarness();
        var service = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(_listener.LocalEndPoint!));
        await harness.ApplyAsync(harness.Table(service));
        await harness.ApplyAsync(harness.Table(harness.Service(service.Listeners[0].Listener.Ports.First)));
        Assert.Empty(Backends(harness));
        await harness.ApplyAsync(harness.Table());
        Assert.Empty(harness.Plane.Observe().Services);
        Assert.True(harness.Plane.Generation.Fading.IsEmpty);
    }

    [Fact]
    public async Task A_table_that_comes_while_the_plane_ends_puts_nothing_off()
    {
        var deadline = TimeSpan.FromSeconds(20);
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        var backend = PlaneHarness.Backend(_listener.LocalEndPoint!);
        var service = harness.Service(PlaneHarness.FreePort(), backend);
        await harness.ApplyAsync(harness.Table(service));
        var (client, server) = await ConnectAsync(service);
        var draining = harness.Plane.DrainAsync(deadline, null, TestContext.Current.CancellationToken);
        await harness.SyncAsync();
        var before = Sockets.Count();

        var again = harness.Service(service.Listeners[0].Listener.Ports.First, backend with { Weight = 2 });
        var late = harness.Service(PlaneHarness.FreePort()) with { Name = "late" };
        await harness.ApplyAsync(harness.Table(again, late));
        Assert.Equal(before, Sockets.Count());
        await harness.AdvanceAsync(deadline);
        await client.AssertResetAsync();
        await Wait.For(draining, "the end of the drain");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _other.Dispose();
        _ends.ForEach(end => end.Dispose());
    }

    /// <summary>Both ends of a session that is established.</summary>
    private async Task<(Socket Client, Socket Server)> ConnectAsync(PlaneService service)
    {
        var port = service.Listeners[0].Listener.Ports.First;
        var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        _ends.Add(client);
        var server = await _listener.AcceptOneAsync();
        _ends.Add(server);
        // Once a byte has passed the plane knows that it is connected, and the clock may move.
        await client.SendAllAsync("x"u8.ToArray());
        _ = await server.ReceiveExactlyAsync(1);
        return (client, server);
    }

    private static async Task EndAsync(Socket client, Socket server)
    {
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await server.ReceiveToEndAsync());
        server.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
    }

    private static Items<ObservedBackend> Backends(PlaneHarness harness) =>
        harness.Plane.Observe().Services.Single(service => service.Name == "s").Backends;
}
