using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class TcpLifetimeTests
{
    [Fact]
    public async Task An_idle_session_ends_and_traffic_in_one_direction_keeps_one_alive()
    {
        var idle = TimeSpan.FromSeconds(60);
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Sessions = new SessionOptions { IdleTimeout = idle };
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();
        for (var round = 0; round < 5; round++)
        {
            // Only the backend talks: what the client does not say must not end its download.
            await server.SendAllAsync("data"u8.ToArray());
            _ = await client.ReceiveExactlyAsync(4);
            await harness.AdvanceAsync(idle - TimeSpan.FromSeconds(1));
        }
        Assert.Equal(1, harness.Counters.Active);
        Assert.Equal(0, harness.Counters.IdleTimeouts);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(2));
        await client.AssertResetAsync();
        await server.AssertResetAsync();
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.IdleTimeouts);
    }

    [Fact]
    public async Task Draining_lets_sessions_finish_until_the_deadline()
    {
        var deadline = TimeSpan.FromSeconds(20);
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var patient = await Sockets.ConnectAsync(target);
        using var patientServer = await listener.AcceptOneAsync();
        using var quick = await Sockets.ConnectAsync(target);
        using var quickServer = await listener.AcceptOneAsync();

        var draining = harness.Plane.DrainAsync(deadline, null, TestContext.Current.CancellationToken);
        await harness.SyncAsync();
        var refused = await Assert.ThrowsAsync<SocketException>(() => Sockets.ConnectAsync(target));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        await quick.SendAllAsync("bye"u8.ToArray());
        quick.Shutdown(SocketShutdown.Send);
        Assert.Equal("bye"u8.ToArray(), await quickServer.ReceiveToEndAsync());
        quickServer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await quick.ReceiveToEndAsync());

        await harness.UntilActiveAsync(1);
        await harness.AdvanceAsync(deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(draining.IsCompleted);
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await patient.AssertResetAsync();
        await patientServer.AssertResetAsync();
        await Wait.For(draining, "the end of the drain");
    }

    [Fact]
    public async Task A_reload_keeps_sessions_and_a_removed_backend_has_until_the_deadline()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var stays = Sockets.Listen();
        using var goes = Sockets.Listen();
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(stays.LocalEndPoint!),
            PlaneHarness.Backend(goes.LocalEndPoint!)
        );
        var clients = new List<Socket>();
        for (var index = 0; index < 16; index++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
        }
        await harness.UntilActiveAsync(16);
        var leaving = Active(harness, goes);
        Assert.InRange(leaving, 1, 15);

        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Tcp,
                IPAddress.Loopback,
                target.Port,
                PlaneHarness.Backend(stays.LocalEndPoint!)
            )
        );
        Assert.Equal(16, harness.Counters.Active);
        using var late = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(17);
        Assert.Equal(leaving, Active(harness, goes));

        await harness.AdvanceAsync(harness.Sessions.Drain.Deadline);
        await harness.UntilActiveAsync(17 - leaving);
        Assert.Equal(0, Active(harness, goes));
        var resets = 0;
        foreach (var client in clients)
        {
            resets += client.Poll(0, SelectMode.SelectRead) ? 1 : 0;
            client.Dispose();
        }
        Assert.Equal(leaving, resets);
    }

    [Fact]
    public async Task Reloads_under_load_lose_no_connection()
    {
        const int Clients = 8;
        const int Reloads = 40;
        await using var harness = new PlaneHarness();
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        _ = Sockets.EchoAsync(one);
        _ = Sockets.EchoAsync(two);
        var backends = new[] { PlaneHarness.Backend(one.LocalEndPoint!), PlaneHarness.Backend(two.LocalEndPoint!) };
        var target = await harness.ServeTcpAsync(backends);
        var reloading = true;
        var load = Enumerable.Range(0, Clients).Select(_ => LoadAsync()).ToArray();
        for (var reload = 0; reload < Reloads; reload++)
        {
            var before = harness.Counters.Total;
            await harness.ApplyAsync(
                harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, target.Port, backends[reload % 2])
            );
            await Wait.Until(() => harness.Counters.Total > before + Clients, "connections in this generation");
        }
        reloading = false;
        await Wait.For(Task.WhenAll(load), "the clients");
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.ConnectFailures + harness.Counters.Resets + harness.Counters.Refused);

        async Task LoadAsync()
        {
            while (Volatile.Read(ref reloading))
            {
                using var client = await Sockets.ConnectAsync(target);
                await client.SendAllAsync("ping"u8.ToArray());
                client.Shutdown(SocketShutdown.Send);
                Assert.Equal("ping"u8.ToArray(), await client.ReceiveToEndAsync());
            }
        }
    }

    [Fact]
    public async Task A_resting_backend_keeps_its_sessions_and_gets_no_new_ones()
    {
        await using var harness = new PlaneHarness();
        using var rests = Sockets.Listen();
        using var serves = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(rests.LocalEndPoint!));
        using var early = await Sockets.ConnectAsync(target);
        using var earlyServer = await rests.AcceptOneAsync();
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Tcp,
                IPAddress.Loopback,
                target.Port,
                PlaneHarness.Backend(rests.LocalEndPoint!, BackendDuty.Rest),
                PlaneHarness.Backend(serves.LocalEndPoint!)
            )
        );
        using var late = await Sockets.ConnectAsync(target);
        using var lateServer = await serves.AcceptOneAsync();
        await early.SendAllAsync("still here"u8.ToArray());
        Assert.Equal(10, (await earlyServer.ReceiveExactlyAsync(10)).Length);
        Assert.Equal(1, Active(harness, rests));
    }

    [Fact]
    public async Task An_address_in_use_is_a_problem_of_its_listener_and_changes_nothing()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var target = await harness.ServeTcpAsync(backend);
        using var foreign = Sockets.Listen();
        var taken = ((IPEndPoint)foreign.LocalEndPoint!).Port;
        var before = Sockets.Count();
        var refused = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            harness.ApplyAsync(harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, taken, backend))
        );
        var problem = Assert.Single(refused.Problems);
        Assert.Equal("services.s.listen[0]", problem.Path);
        Assert.Equal($"listen on tcp://127.0.0.1:{taken}: Address already in use (98)", problem.Message);
        Assert.Equal(before, Sockets.Count());
        using var client = await Sockets.ConnectAsync(target);
        using var server = await listener.AcceptOneAsync();
    }

    [Fact]
    public async Task A_table_that_is_prepared_and_not_committed_leaves_nothing()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var before = Sockets.Count();
        var port = PlaneHarness.FreePort();
        var table = harness.Table(ListenerProtocol.Tcp, IPAddress.Loopback, port, backend);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        await using (await harness.Plane.PrepareAsync(table, TestContext.Current.CancellationToken))
        {
            Assert.Equal(before + PlaneHarness.Loops, Sockets.Count());
            // Nobody can connect to what may never be.
            _ = await Assert.ThrowsAsync<SocketException>(() => Sockets.ConnectAsync(target));
        }
        Assert.Equal(before, Sockets.Count());
        await harness.ApplyAsync(table);
        using var client = await Sockets.ConnectAsync(target);
        Assert.Equal(table.Generation, harness.Plane.Observe().Generation);
    }

    private static long Active(PlaneHarness harness, Socket listener) =>
        harness
            .Plane.Observe()
            .Services[0]
            .Backends.Where(backend => backend.Id == listener.LocalEndPoint!.ToString())
            .Sum(backend => backend.Counters.Active);
}
