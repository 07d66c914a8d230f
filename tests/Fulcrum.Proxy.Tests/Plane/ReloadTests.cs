using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What one table after another does to listeners, backends and their counters.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Who_waits_in_the_queue_of_a_service_that_goes_still_reaches_its_backend()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var first = new Blockade(harness);
        await first.EnteredAsync();
        using var second = new Blockade(harness);
        var applying = harness.ApplyAsync(harness.Table());
        first.Release();
        await second.EnteredAsync();
        // Every loop stands in the message before the one with the new table, and goes from the one to the other.
        using var client = await Sockets.ConnectAsync(target);
        second.Release();
        await Wait.For(applying, "the new table");
        await client.SendAllAsync("still"u8.ToArray());
        Assert.Equal("still"u8.ToArray(), await client.ReceiveExactlyAsync(5));
    }

    [Fact]
    public async Task Listeners_that_went_are_forgotten()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        for (var round = 0; round < 10; round++)
        {
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        }
        Assert.All(harness.Plane.LoopPlanes, plane => Assert.Equal(1, plane.Listeners));
    }

    [Fact]
    public async Task A_backend_serves_the_listener_whose_checks_it_passes()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var (good, bad) = (PlaneHarness.FreePort(), PlaneHarness.FreePort());
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var passing = harness.Service(good, backend);
        var failing = harness.Service(bad, backend with { Duty = BackendDuty.Rest });
        await harness.ApplyAsync(
            harness.Table(passing with { Listeners = [passing.Listeners[0], failing.Listeners[0]] })
        );

        using var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, good));
        await client.SendAllAsync("x"u8.ToArray());
        _ = await client.ReceiveExactlyAsync(1);
        await Sockets.AssertTurnedAwayAsync(new IPEndPoint(IPAddress.Loopback, bad));
    }

    [Fact]
    public async Task Datagrams_count_for_the_service_that_has_the_listener_now()
    {
        await using var harness = new PlaneHarness();
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var limit = new ClientRules { MaxConnections = 1 };
        harness.Client = limit;
        var service = harness.Service(
            ListenerProtocol.Udp,
            IPAddress.Loopback,
            port,
            PlaneHarness.Backend(backend.LocalEndPoint!)
        );
        await harness.ApplyAsync(harness.Table(service));
        await SendAsync(1);
        await harness.ApplyAsync(harness.Table(service with { Name = "renamed" }));
        // The first service's session does not take the place that the second one has.
        await SendAsync(2);
        var services = harness.Plane.Observe().Services;
        Assert.Equal([1, 1], services.Select(service => service.Counters.Active));

        async Task SendAsync(byte data)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await client.SendToAsync(new[] { data }, new IPEndPoint(IPAddress.Loopback, port));
            var buffer = new byte[16];
            Assert.Equal(1, await Wait.For(backend.ReceiveAsync(buffer), "the datagram"));
            Assert.Equal(data, buffer[0]);
        }
    }

    [Fact]
    public async Task Datagrams_are_taken_again_where_sessions_are_still_fading()
    {
        await using var harness = new PlaneHarness();
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        var table = harness.Table(
            ListenerProtocol.Udp,
            target.Address,
            target.Port,
            PlaneHarness.Backend(backend.LocalEndPoint!)
        );
        await harness.ApplyAsync(table);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await AskAsync();
        await harness.ApplyAsync(harness.Table());
        await harness.ApplyAsync(table);
        await AskAsync();

        async Task AskAsync()
        {
            await client.SendToAsync(new byte[] { 1 }, target);
            Assert.Equal(1, await Wait.For(backend.ReceiveAsync(new byte[16]), "the datagram"));
        }
    }

    [Fact]
    public async Task A_table_that_cannot_be_built_leaves_nothing()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var good = harness.Service(PlaneHarness.FreePort(), backend);
        var bad = harness.Service(PlaneHarness.FreePort(), backend with { Weight = -1 });
        var both = good with { Listeners = [good.Listeners[0], bad.Listeners[0]] };
        var before = Sockets.Count();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => harness.ApplyAsync(harness.Table(both)));
        Assert.Equal(before, Sockets.Count());
    }

    /// <summary>A message to every loop that keeps it until it is released.</summary>
    private sealed class Blockade : IDisposable
    {
        private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

        private readonly SemaphoreSlim _entered = new(0);
        private readonly SemaphoreSlim _leave = new(0);

        public Blockade(PlaneHarness harness)
        {
            foreach (var loop in harness.Plane.EventLoops)
            {
                loop.Post(Hold, null);
            }
        }

        public async Task EnteredAsync()
        {
            for (var loop = 0; loop < PlaneHarness.Loops; loop++)
            {
                Assert.True(await _entered.WaitAsync(Bound), "a loop did not come to the message");
            }
        }

        public void Release() => _leave.Release(PlaneHarness.Loops);

        public void Dispose()
        {
            _entered.Dispose();
            _leave.Dispose();
        }

        private void Hold(object? state)
        {
            _entered.Release();
            _leave.Wait(Bound);
        }
    }
}
