using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class UdpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Datagrams_of_every_size_come_back(string address)
    {
        var ip = IPAddress.Parse(address);
        await using var harness = new PlaneHarness();
        using var backend = Open(ip);
        _ = EchoAsync(backend);
        var target = await ServeAsync(harness, ip, backend);
        using var client = Open(ip);
        await client.ConnectAsync(target);
        foreach (
            var size in new[] { 1, 0, 1472, 9000, 65_507 - (ip.AddressFamily == AddressFamily.InterNetworkV6 ? 20 : 0) }
        )
        {
            var data = new byte[size];
            new Random(size).NextBytes(data);
            Assert.Equal(data, await AskAsync(client, data));
        }
        Assert.Equal(1, harness.Counters.Total);
        Assert.Equal(harness.Counters.BytesIn, harness.Counters.BytesOut);
    }

    [Fact]
    public async Task Many_clients_are_told_apart_on_both_loops()
    {
        const int Clients = 64;
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        var clients = new List<Socket>();
        for (var index = 0; index < Clients; index++)
        {
            clients.Add(Open(IPAddress.Loopback));
            await clients[index].ConnectAsync(target);
        }
        for (var round = 0; round < 4; round++)
        {
            for (var index = 0; index < Clients; index++)
            {
                await clients[index].SendAsync(BitConverter.GetBytes((round * Clients) + index));
            }
            for (var index = 0; index < Clients; index++)
            {
                Assert.Equal((round * Clients) + index, BitConverter.ToInt32(await ReceiveAsync(clients[index])));
            }
        }
        Assert.Equal(Clients, harness.Counters.Active);
        foreach (var loop in harness.Plane.EventLoops)
        {
            Assert.InRange(await loop.InvokeAsync(() => loop.Reactor.Sockets), 2, Clients);
        }
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_wildcard_listener_answers_from_the_address_that_was_asked()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var target = await ServeAsync(harness, null, backend);
        foreach (var address in new[] { "127.0.0.2", "127.0.0.1", "127.1.2.3", "::1" })
        {
            var ip = IPAddress.Parse(address);
            using var client = Open(ip.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : ip);
            await client.SendToAsync("hello"u8.ToArray(), new IPEndPoint(ip, target.Port));
            var buffer = new byte[16];
            EndPoint any = new IPEndPoint(
                ip.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
                0
            );
            var answer = await client.ReceiveFromAsync(buffer, any).WaitAsync(Wait.DefaultTimeout);
            Assert.Equal(new IPEndPoint(ip, target.Port), answer.RemoteEndPoint);
            Assert.Equal(5, answer.ReceivedBytes);
        }
    }

    [Fact]
    public async Task At_the_bound_the_least_recently_used_session_goes()
    {
        const int PerLoop = 4;
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { MaxUdpSessions = PerLoop * PlaneHarness.Loops };
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        var clients = new List<Socket>();
        for (var index = 0; index < 40; index++)
        {
            var client = Open(IPAddress.Loopback);
            await client.ConnectAsync(target);
            clients.Add(client);
            Assert.Equal([1], await AskAsync(client, [1]));
        }
        Assert.InRange(harness.Counters.Active, PerLoop, PerLoop * PlaneHarness.Loops);
        Assert.Equal(40 - harness.Counters.Active, harness.Counters.Dropped);
        // The last one is the most recently used, wherever it is; the first one was pushed out and begins anew.
        var total = harness.Counters.Total;
        Assert.Equal([2], await AskAsync(clients[^1], [2]));
        Assert.Equal(total, harness.Counters.Total);
        Assert.Equal([3], await AskAsync(clients[0], [3]));
        Assert.Equal(total + 1, harness.Counters.Total);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_silent_session_ends_and_leaves_no_socket()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var target = await ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = Open(IPAddress.Loopback);
        await client.ConnectAsync(target);
        var before = Sockets.Count();
        Assert.Equal([1], await AskAsync(client, [1]));
        Assert.Equal(before + 1, Sockets.Count());
        await harness.SyncAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(1, harness.Counters.Active);
        Assert.Equal([2], await AskAsync(client, [2]));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(1, harness.Counters.Active);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.IdleTimeouts);
        Assert.Equal(before, Sockets.Count());
    }

    [Fact]
    public async Task A_backend_that_is_not_there_is_left_for_another()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var dead = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        var target = await ServeAsync(harness, IPAddress.Loopback, backend, PlaneHarness.Backend(dead));
        for (var index = 0; index < 8; index++)
        {
            using var client = Open(IPAddress.Loopback);
            await client.ConnectAsync(target);
            var failures = harness.Counters.ConnectFailures;
            await client.SendAsync(new byte[] { 1 });
            // Either an answer comes, or the news that nobody listens there.
            await Wait.Until(
                () => client.Available > 0 || harness.Counters.ConnectFailures > failures,
                "an answer or a refusal"
            );
            if (client.Available == 0)
            {
                Assert.Equal([2], await AskAsync(client, [2]));
            }
        }
        Assert.InRange(harness.Counters.ConnectFailures, 1, 8);
        Assert.Equal(8, harness.Counters.Active);
    }

    [Fact]
    public async Task Sessions_of_a_backend_that_may_not_serve_any_more_move()
    {
        await using var harness = new PlaneHarness();
        using var first = Open(IPAddress.Loopback);
        using var second = Open(IPAddress.Loopback);
        _ = EchoAsync(first);
        var target = await ServeAsync(harness, IPAddress.Loopback, first);
        using var client = Open(IPAddress.Loopback);
        await client.ConnectAsync(target);
        Assert.Equal([1], await AskAsync(client, [1]));

        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Udp,
                IPAddress.Loopback,
                target.Port,
                PlaneHarness.Backend(first.LocalEndPoint!, BackendDuty.Rest),
                PlaneHarness.Backend(second.LocalEndPoint!)
            )
        );
        await client.SendAsync(new byte[] { 2 });
        Assert.Equal([2], await ReceiveAsync(second));
        Assert.Equal(1, harness.Counters.Total);
    }
}
