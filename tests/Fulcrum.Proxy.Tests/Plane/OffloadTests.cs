using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What the loops tell a kernel that would carry sessions, and what they make of what it says.</summary>
public sealed class OffloadTests
{
    private const int BeforeOffload = 8;
    private const int Length = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_goes_with_its_clients_eighth_datagram_by_its_own_paths()
    {
        var kernel = new FakeOffload(8);
        await using var harness = new PlaneHarness(offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, null, backend);
        using var client = await OpenAsync(IPAddress.Loopback, target);
        EndPoint? own = null;
        for (var i = 1; i <= BeforeOffload; i++)
        {
            Assert.Empty(kernel.Taken);
            await client.SendAsync(new byte[Length]);
            (_, own) = await ReceiveFromAsync(backend);
        }
        await harness.SyncAsync();
        var paths = Assert.Single(kernel.Taken).Value;
        Assert.Equal(
            new DatagramPaths(At(client.LocalEndPoint!), At(target), At(own!), At(backend.LocalEndPoint!)),
            paths
        );
    }

    [Fact]
    public async Task What_passed_in_the_kernel_counts_and_what_passed_there_before_does_not()
    {
        var kernel = new FakeOffload(2);
        kernel.Pass(0, 1000, 1_000_000);
        kernel.Pass(1, 1000, 1_000_000);
        await using var harness = new PlaneHarness(new ManualTimeProvider(), offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await GoAsync(harness, kernel, target, backend);
        Assert.Equal((BeforeOffload * Length, 0), (harness.Counters.BytesIn, harness.Counters.BytesOut));
        kernel.Pass(Assert.Single(kernel.Taken).Key, 5, 100);
        await harness.AdvanceAsync(Second);
        Assert.Equal((100 + (BeforeOffload * Length), 200), (harness.Counters.BytesIn, harness.Counters.BytesOut));
        Assert.Equal(harness.Counters, harness.Observed.Backends[0].Counters with { Total = 1 });
        await harness.AdvanceAsync(Second);
        Assert.Equal(200, harness.Counters.BytesOut);
    }

    [Fact]
    public async Task Who_is_busy_in_the_kernel_is_not_idle()
    {
        var kernel = new FakeOffload(2);
        await using var harness = new PlaneHarness(new ManualTimeProvider(), offload: kernel)
        {
            Sessions = new SessionOptions { IdleTimeout = TimeSpan.FromSeconds(10) },
        };
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await GoAsync(harness, kernel, target, backend);
        var place = Assert.Single(kernel.Taken).Key;
        for (var i = 0; i < 5; i++)
        {
            kernel.Pass(place, 1, Length, silence: Second);
            await harness.AdvanceAsync(8 * Second);
            Assert.Equal(1, harness.Counters.Active);
        }
        Assert.Single(kernel.Taken);
        // What was heard of it last may be a turn old.
        await harness.AdvanceAsync(2 * Second);
        await harness.AdvanceAsync(8 * Second);
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.IdleTimeouts);
        Assert.Empty(kernel.Taken);
        Assert.Equal((BeforeOffload + 5) * Length, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task A_change_of_the_plan_brings_it_back_and_what_was_on_its_way_counts()
    {
        var kernel = new FakeOffload(2);
        await using var harness = new PlaneHarness(new ManualTimeProvider(), offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await GoAsync(harness, kernel, target, backend);
        var place = Assert.Single(kernel.Taken).Key;
        harness.Sessions = new SessionOptions { IdleTimeout = TimeSpan.FromSeconds(77) };
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Udp,
                IPAddress.Loopback,
                target.Port,
                PlaneHarness.Backend(backend.LocalEndPoint!)
            )
        );
        Assert.Empty(kernel.Taken);
        kernel.Pass(place, 1, Length);
        await harness.AdvanceAsync(Second);
        Assert.Equal((BeforeOffload + 1) * Length, harness.Counters.BytesIn);
        // And it goes again, by the plan that holds now.
        await AskSilentlyAsync(client, backend, BeforeOffload);
        await harness.SyncAsync();
        Assert.Single(kernel.Taken);
    }

    [Fact]
    public async Task A_backend_that_may_serve_no_longer_loses_it()
    {
        var kernel = new FakeOffload(2);
        await using var harness = new PlaneHarness(offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        using var other = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await GoAsync(harness, kernel, target, backend);
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Udp,
                IPAddress.Loopback,
                target.Port,
                PlaneHarness.Backend(backend.LocalEndPoint!, BackendDuty.Drain),
                PlaneHarness.Backend(other.LocalEndPoint!)
            )
        );
        Assert.Empty(kernel.Taken);
        await AskSilentlyAsync(client, other, 1);
    }

    [Fact]
    public async Task Who_finds_no_place_stays_and_places_are_given_anew()
    {
        var kernel = new FakeOffload(1);
        await using var harness = new PlaneHarness(loops: 1, offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        var first = await GoAsync(harness, kernel, target, backend);
        using var second = await OpenAsync(IPAddress.Loopback, target);
        await AskSilentlyAsync(second, backend, 3 * BeforeOffload);
        await harness.SyncAsync();
        var loop = Assert.Single(harness.Plane.LoopPlanes).Offloaded!;
        Assert.Equal((1, 1L), (loop.Count, loop.Total));
        Assert.NotEqual(0, loop.Refused);
        // The backend says that nobody is there any more, which ends what it has.
        await harness.ApplyAsync(harness.Table());
        Assert.Empty(kernel.Taken);
        first.Dispose();
    }

    [Fact]
    public async Task A_kernel_that_says_no_keeps_no_place()
    {
        var kernel = new FakeOffload(1) { Takes = false };
        await using var harness = new PlaneHarness(loops: 1, offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await OpenAsync(IPAddress.Loopback, target);
        await AskSilentlyAsync(client, backend, BeforeOffload);
        await harness.SyncAsync();
        Assert.Equal((1, 0), (kernel.Told, harness.Plane.LoopPlanes[0].Offloaded!.Count));
        kernel.Takes = true;
        await AskSilentlyAsync(client, backend, 2 * BeforeOffload);
        await harness.SyncAsync();
        Assert.Single(kernel.Taken);
    }

    [Theory]
    [InlineData("requests")]
    [InlineData("responses")]
    [InlineData("mark")]
    [InlineData("transparent")]
    [InlineData("connections")]
    public async Task To_whom_something_is_done_stays(string what)
    {
        var kernel = new FakeOffload(2);
        await using var harness = new PlaneHarness(offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        using var connections = Sockets.Listen();
        var listener = new Listener { Protocol = ListenerProtocol.Udp, Address = IPAddress.Loopback };
        switch (what)
        {
            case "requests":
                harness.Sessions = new SessionOptions { UdpRequests = 1000 };
                break;
            case "responses":
                harness.Sessions = new SessionOptions { UdpResponses = 1000 };
                break;
            case "mark":
                listener = listener with { Socket = new SocketTuning { Dscp = 10 } };
                break;
            case "transparent":
                harness.Connect = new ConnectOptions { Socket = new SocketTuning { Dscp = 10 } };
                break;
            default:
                harness.Connect = new ConnectOptions { Protocol = ConnectProtocol.Tcp, Framing = Framing.Length };
                break;
        }
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var to = what == "connections" ? connections.LocalEndPoint! : backend.LocalEndPoint!;
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(listener with { Ports = Model.Values.PortRange.Of(port) }, PlaneHarness.Backend(to))
            )
        );
        using var client = await OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        for (var i = 0; i < 4 * BeforeOffload; i++)
        {
            await client.SendAsync(new byte[Length]);
        }
        await Wait.Until(
            () => harness.Counters.BytesIn == 4 * BeforeOffload * Length,
            "all datagrams to have been passed on"
        );
        Assert.Equal(0, kernel.Told);
    }

    [Fact]
    public async Task Being_told_again_and_again_allocates_nothing()
    {
        var kernel = new FakeOffload(8);
        await using var harness = new PlaneHarness(offload: kernel);
        using var backend = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await GoAsync(harness, kernel, target, backend);
        var buffer = new byte[Length];
        var told = kernel.Told;
        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                _ = client.Send(buffer);
                _ = backend.Receive(buffer);
            }
        );
        Assert.NotEqual(told, kernel.Told);
    }

    [Fact]
    public async Task What_is_wrong_with_the_kernel_is_the_planes_trouble()
    {
        var kernel = new FakeOffload(2) { Trouble = "offload: there is no interface eth7" };
        await using var harness = new PlaneHarness(offload: kernel);
        Assert.Equal(kernel.Trouble, harness.Plane.Trouble);
    }

    // A client whose session the kernel has.
    private static async Task<Socket> GoAsync(
        PlaneHarness harness,
        FakeOffload kernel,
        IPEndPoint target,
        Socket backend
    )
    {
        var client = await OpenAsync(IPAddress.Loopback, target);
        await AskSilentlyAsync(client, backend, BeforeOffload);
        await harness.SyncAsync();
        Assert.Single(kernel.Taken);
        return client;
    }

    private static async Task AskSilentlyAsync(Socket client, Socket backend, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await client.SendAsync(new byte[Length]);
            _ = await ReceiveAsync(backend);
        }
    }

    private static SocketAddress At(EndPoint endPoint) => SocketAddress.From((IPEndPoint)endPoint);
}
