using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Plane;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>
/// Two planes on the same sockets, as two processes of a node have them: a copy of a descriptor is the same socket in
/// another process and in this one.
/// </summary>
public sealed class InheritingTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public async Task Whoever_connects_is_served_by_one_of_the_two_planes(int before, int after)
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        await using var old = new PlaneHarness(loops: before);
        var place = await old.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!));
        using var inherited = await InheritAsync(old);
        await using var next = new PlaneHarness(loops: after, inherited: inherited);

        var (stop, served) = (false, 0);
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(AskAgainAndAgainAsync)).ToArray();
        await Wait.Until(() => Volatile.Read(ref served) > 50, "the old plane to serve");
        await next.ApplyAsync(
            next.Table(ListenerProtocol.Tcp, place.Address, place.Port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        Assert.Empty(inherited.Unclaimed);
        await old.Plane.HandOverAsync(Deadline, null, TestContext.Current.CancellationToken);
        var total = next.Counters.Total;
        await Wait.Until(() => next.Counters.Total > total + 50, "the new plane to serve alone");
        Volatile.Write(ref stop, true);
        await Task.WhenAll(clients);
        backend.Close();
        await echo;

        async Task AskAgainAndAgainAsync()
        {
            while (!Volatile.Read(ref stop))
            {
                using var client = await Sockets.ConnectAsync(place);
                await client.SendAllAsync("ask"u8.ToArray());
                Assert.Equal("ask"u8.ToArray(), await client.ReceiveExactlyAsync(3));
                Interlocked.Increment(ref served);
            }
        }
    }

    [Fact]
    public async Task Whoever_waits_in_a_queue_is_served_although_the_loop_that_it_was_for_is_no_more()
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        // Three sockets that nobody accepts from: the queues of a process that has stopped doing so.
        var place = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        using var inherited = new InheritedSockets();
        for (var socket = 0; socket < 3; socket++)
        {
            Assert.Null(inherited.Add(Listen(place, shares: true), isLent: false));
        }

        var clients = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Sockets.ConnectAsync(place)));
        await using var plane = new PlaneHarness(loops: 2, inherited: inherited);
        await plane.ApplyAsync(
            plane.Table(ListenerProtocol.Tcp, place.Address, place.Port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        foreach (var client in clients)
        {
            await client.SendAllAsync("ask"u8.ToArray());
            Assert.Equal("ask"u8.ToArray(), await client.ReceiveExactlyAsync(3));
            client.Dispose();
        }

        backend.Close();
        await echo;
    }

    [Fact]
    public async Task A_plane_that_never_began_has_taken_nobody_and_told_the_sockets_nothing()
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        await using var old = new PlaneHarness();
        var place = await old.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!));
        using var inherited = await InheritAsync(old);
        foreach (var socket in await old.Plane.ShareAsync())
        {
            Assert.Equal(0, SocketCalls.Set(socket.Descriptor, SocketOption.TypeOfService, 0x20));
            SocketCalls.Close(socket.Descriptor);
        }

        // With more loops, sockets of its own would have their share of the clients.
        await using (var next = new PlaneHarness(loops: 3, inherited: inherited, isHeld: true))
        {
            await next.ApplyAsync(TableOf(next));
            await AskAsync(place, 200);
            await next.ApplyAsync(next.Table());
            await next.ApplyAsync(TableOf(next));
            await AskAsync(place, 50);
            Assert.Equal(0, next.Counters.Total);
        }

        await AskAsync(place, 50);
        Assert.Equal(300, old.Counters.Total);
        foreach (var socket in await old.Plane.ShareAsync())
        {
            Assert.Equal(0x20, SocketCalls.Get(socket.Descriptor, SocketOption.TypeOfService));
            SocketCalls.Close(socket.Descriptor);
        }

        backend.Close();
        await echo;

        Fulcrum.Engine.Ports.PlaneTable TableOf(PlaneHarness harness) =>
            harness.Table(
                ListenerProtocol.Tcp,
                place.Address,
                place.Port,
                PlaneHarness.Backend(backend.LocalEndPoint!)
            );
    }

    [Fact]
    public async Task A_plane_that_begins_takes_whoever_comes()
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        var place = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        using var inherited = new InheritedSockets();
        Assert.Null(inherited.Add(Listen(place, shares: true), isLent: false));
        await using var plane = new PlaneHarness(loops: 2, inherited: inherited, isHeld: true);
        await plane.ApplyAsync(
            plane.Table(ListenerProtocol.Tcp, place.Address, place.Port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        await plane.Plane.BeginAsync();
        await AskAsync(place, 50);
        Assert.Equal(50, plane.Counters.Total);
        backend.Close();
        await echo;
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0x20)]
    public async Task What_a_process_before_it_told_a_socket_is_undone_and_what_its_owner_told_it_stays(
        bool isLent,
        int expected
    )
    {
        var place = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var descriptor = Listen(place, shares: true);
        var copy = SocketCalls.Duplicate(descriptor);
        foreach (var option in new[] { SocketOption.TypeOfService, SocketOption.UserTimeout })
        {
            Assert.Equal(0, SocketCalls.Set(copy, option, 0x20));
        }

        Assert.Equal(0, SocketCalls.Set(copy, SocketOption.KeepAlive, 1));
        using var inherited = new InheritedSockets();
        Assert.Null(inherited.Add(descriptor, isLent));
        await using var plane = new PlaneHarness(inherited: inherited);
        await plane.ApplyAsync(
            plane.Table(
                ListenerProtocol.Tcp,
                place.Address,
                place.Port,
                PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, 9))
            )
        );
        Assert.Equal(expected, SocketCalls.Get(copy, SocketOption.TypeOfService));
        Assert.Equal(expected, SocketCalls.Get(copy, SocketOption.UserTimeout));
        Assert.Equal(Math.Sign(expected), SocketCalls.Get(copy, SocketOption.KeepAlive));
        SocketCalls.Close(copy);
    }

    [Fact]
    public async Task Loops_that_may_not_open_a_socket_of_their_own_accept_from_the_one_that_is_there()
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        var place = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        using var inherited = new InheritedSockets();
        // Without SO_REUSEPORT nobody joins it.
        Assert.Null(inherited.Add(Listen(place, shares: false), isLent: true));
        await using var plane = new PlaneHarness(loops: 3, inherited: inherited);
        var table = plane.Table(
            ListenerProtocol.Tcp,
            place.Address,
            place.Port,
            PlaneHarness.Backend(backend.LocalEndPoint!)
        );
        await plane.ApplyAsync(table);
        await AskAsync(place, 200);
        Assert.Equal(200, plane.Counters.Total);

        // It is lent: a service that goes and comes back finds it again.
        await plane.ApplyAsync(plane.Table());
        await plane.ApplyAsync(
            plane.Table(ListenerProtocol.Tcp, place.Address, place.Port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        await AskAsync(place, 50);
        backend.Close();
        await echo;
    }

    [Fact]
    public async Task A_datagram_goes_to_the_new_plane_and_the_answer_to_an_earlier_one_still_comes_from_the_old()
    {
        using var backend = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var place = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        await using var old = new PlaneHarness();
        await old.ApplyAsync(TableOf(old));
        using var early = new UdpClient(AddressFamily.InterNetwork);
        early.Connect(place);
        await early.SendAsync("early"u8.ToArray());
        var first = await backend.ReceiveAsync().WaitAsync(Deadline);

        using var inherited = await InheritAsync(old);
        await using var next = new PlaneHarness(loops: 3, inherited: inherited);
        await next.ApplyAsync(TableOf(next));
        var left = old.Plane.HandOverAsync(Deadline, null, TestContext.Current.CancellationToken);
        await old.SyncAsync();

        var before = old.Counters.Total;
        for (var client = 0; client < 20; client++)
        {
            using var late = new UdpClient(AddressFamily.InterNetwork);
            late.Connect(place);
            await late.SendAsync(Encoding.ASCII.GetBytes($"late {client}"));
            var request = await backend.ReceiveAsync().WaitAsync(Deadline);
            await backend.SendAsync(request.Buffer, request.RemoteEndPoint);
            Assert.Equal(
                $"late {client}",
                Encoding.ASCII.GetString((await late.ReceiveAsync().WaitAsync(Deadline)).Buffer)
            );
        }

        Assert.Equal(before, old.Counters.Total);
        Assert.Equal(20, next.Counters.Total);
        Assert.False(left.IsCompleted);
        await backend.SendAsync("answer"u8.ToArray(), first.RemoteEndPoint);
        Assert.Equal("answer", Encoding.ASCII.GetString((await early.ReceiveAsync().WaitAsync(Deadline)).Buffer));

        Fulcrum.Engine.Ports.PlaneTable TableOf(PlaneHarness harness) =>
            harness.Table(
                ListenerProtocol.Udp,
                place.Address,
                place.Port,
                PlaneHarness.Backend(backend.Client.LocalEndPoint!)
            );
    }

    [Fact]
    public void What_no_listener_can_use_is_refused_with_its_reason()
    {
        using var inherited = new InheritedSockets();
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var fresh = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var both = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = true,
        };
        both.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        Assert.Contains("no address", Refused(unix), StringComparison.Ordinal);
        Assert.Contains("no address", Refused(fresh), StringComparison.Ordinal);
        Assert.Contains("BindIPv6Only=ipv6-only", Refused(both), StringComparison.Ordinal);
        Assert.Empty(inherited.Unclaimed);

        string Refused(Socket socket) => inherited.Add(SocketCalls.Duplicate((int)socket.Handle), isLent: true) ?? "";
    }

    private static async Task<InheritedSockets> InheritAsync(PlaneHarness from)
    {
        var inherited = new InheritedSockets();
        foreach (var socket in await from.Plane.ShareAsync())
        {
            Assert.Null(inherited.Add(socket.Descriptor, isLent: false));
        }

        return inherited;
    }

    private static async Task AskAsync(IPEndPoint place, int clients)
    {
        for (var client = 0; client < clients; client++)
        {
            using var socket = await Sockets.ConnectAsync(place);
            await socket.SendAllAsync("ask"u8.ToArray());
            Assert.Equal("ask"u8.ToArray(), await socket.ReceiveExactlyAsync(3));
        }
    }

    private static int Listen(IPEndPoint place, bool shares)
    {
        var descriptor = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        if (shares)
        {
            Assert.Equal(0, SocketCalls.Set(descriptor, SocketOption.ReusePort, 1));
        }

        Assert.Equal(0, SocketCalls.Bind(descriptor, Linux.Sockets.SocketAddress.From(place)));
        Assert.Equal(0, SocketCalls.Listen(descriptor, 128));
        return descriptor;
    }
}
