using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Waiting;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Nobody who waits is forgotten for the sake of another.</summary>
public sealed class WaitingFairnessTests
{
    [Fact]
    public async Task Who_waits_for_a_certain_backend_does_not_keep_others_from_the_rest()
    {
        await using var harness = new PlaneHarness(loops: 1);
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        harness.Retry = new Retry { Attempts = 7 };
        using var full = Sockets.Listen();
        var address = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(full.LocalEndPoint!) with
            {
                MaxConnections = 1,
            },
            PlaneHarness.Backend(address) with
            {
                MaxConnections = 5,
            }
        );
        using var first = await Sockets.ConnectAsync(target);
        using var server = await full.AcceptOneAsync();
        using var choosy = await Sockets.ConnectAsync(target);
        await Wait.Until(() => harness.Observed.Waiting == 1, "who waits");
        using var back = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        back.Bind(address);
        back.Listen(16);
        using var other = await Sockets.ConnectAsync(target);
        using var served = await back.AcceptOneAsync();
    }

    [Fact]
    public async Task Who_waits_for_one_service_is_not_given_to_another()
    {
        await using var harness = new PlaneHarness(loops: 1);
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(one.LocalEndPoint!) with { MaxConnections = 1 });
        using var first = await Sockets.ConnectAsync(target);
        using var server = await one.AcceptOneAsync();
        using var second = await Sockets.ConnectAsync(target);
        await Wait.Until(() => harness.Observed.Waiting == 1, "who waits");
        var other = harness.Service(target.Port, PlaneHarness.Backend(two.LocalEndPoint!)) with { Name = "other" };
        await harness.ApplyAsync(harness.Table(other));
        await harness.SyncAsync();
        await second.AssertResetAsync();
    }

    [Fact]
    public void A_line_of_the_choosy_passes_the_call_on()
    {
        var room = new WaitingRoom(2);
        var loops = new[] { new Reactor(new LoopOptions(), 0), new Reactor(new LoopOptions(), 0) };
        for (var loop = 0; loop < 2; loop++)
        {
            room[loop] = new WaitingLine(room, loops[loop], static (run, state) => run(state));
        }
        var choosy = new Waiter(true);
        var other = new Waiter(false);
        loops[0].BeginTurn(1);
        Assert.True(room[0]!.TryAdd(choosy, 10));
        loops[0].RunReady();
        loops[1].BeginTurn(2);
        Assert.True(room[1]!.TryAdd(other, 10));
        loops[1].RunReady();
        other.Place = room[1];
        room.Call();
        Assert.True(other.Went);
    }

    private sealed class Waiter(bool isChoosy) : BackendSession
    {
        public new WaitingLine? Place;
        public bool Went;

        public override SocketAddress Client => default;

        public override bool IsChoosy => isChoosy;

        public override void Abort() { }

        public override void Describe(out SessionSight sight) => sight = default;

        public override bool TryProceed()
        {
            Went = Place is not null;
            Place?.Remove(this);
            return Went;
        }

        protected override void OnEvents(int tag, EpollEvents events) { }

        protected override void OnFault(Exception fault) { }
    }
}
