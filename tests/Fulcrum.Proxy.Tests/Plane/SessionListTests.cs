using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Real sessions of two loops, as they are told and ended.</summary>
public sealed class SessionListTests
{
    private static readonly SessionQuery All = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_told_with_who_where_since_when_and_how_much()
    {
        var time = new ManualTimeProvider();
        await using var harness = new PlaneHarness(time);
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        await client.SendAllAsync("hello"u8.ToArray());
        _ = await client.ReceiveExactlyAsync(5);
        var began = time.GetUtcNow();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(12));

        var page = await ReadAsync(harness, All);
        Assert.Equal((null, 0, false), (page.Next, page.More, page.IsCut));
        var session = Assert.Single(page.Sessions);
        Assert.Equal(
            (PlaneHarness.Name, $"tcp://{target}", "tcp", client.LocalEndPoint!.ToString()),
            (session.Service, session.Listener, session.Protocol, session.Client)
        );
        Assert.Equal(("u", listener.LocalEndPoint!.ToString()), (session.Upstream, session.Backend));
        Assert.Equal((5, 5, SessionState.Open), (session.BytesIn, session.BytesOut, session.State));
        Assert.Equal((began, 12), (session.Began, session.Age.TotalSeconds));
        Assert.Equal(session, await harness.Plane.Sessions.FindAsync(session.Id, Cancellation));
        Assert.True(SessionId.TryParse(session.Id.ToString(), out var read));
        Assert.Equal(session.Id, read);
    }

    [Fact]
    public async Task Connections_and_datagrams_of_both_loops_are_told_and_filtered()
    {
        const int Clients = 32;
        await using var harness = new PlaneHarness();
        using var tcp = Sockets.Listen();
        _ = Sockets.EchoAsync(tcp);
        using var udp = Open();
        var (tcpPort, udpPort) = (PlaneHarness.FreePort(), PlaneHarness.FreePort(ProtocolType.Udp));
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(tcpPort, PlaneHarness.Backend(tcp.LocalEndPoint!)),
                harness.Service(
                    ListenerProtocol.Udp,
                    IPAddress.Loopback,
                    udpPort,
                    PlaneHarness.Backend(udp.LocalEndPoint!)
                ) with
                {
                    Name = "datagrams",
                }
            )
        );
        var clients = new List<Socket>();
        for (var index = 0; index < Clients; index++)
        {
            clients.Add(await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, tcpPort)));
            var asking = Open();
            clients.Add(asking);
            await asking.ConnectAsync(new IPEndPoint(IPAddress.Loopback, udpPort));
            await asking.SendAsync(new byte[3]);
        }

        await Wait.Until(
            async () =>
                (await ReadAsync(harness, All)).Sessions.Count(one => one.State == SessionState.Open) == 2 * Clients,
            "all sessions"
        );
        var all = (await ReadAsync(harness, All)).Sessions;
        Assert.Equal([0, 1], all.Select(one => one.Id.Loop).Distinct());
        Assert.Equal(all.Select(one => one.Id).Order(), all.Select(one => one.Id));
        Assert.Equal(
            clients.Select(client => client.LocalEndPoint!.ToString()).Order(),
            all.Select(one => one.Client).Order()
        );
        Assert.All(all, one => Assert.Equal(one.Protocol == "udp" ? "datagrams" : PlaneHarness.Name, one.Service));

        var backend = tcp.LocalEndPoint!.ToString();
        Assert.Equal(Clients, await CountAsync(harness, new() { Service = "datagrams" }));
        Assert.Equal(2 * Clients, await CountAsync(harness, new() { Upstream = "u" }));
        Assert.Equal(0, await CountAsync(harness, new() { Upstream = "v" }));
        Assert.Equal(Clients, await CountAsync(harness, new() { Backend = $"u/{backend}" }));
        Assert.Equal(0, await CountAsync(harness, new() { Backend = $"v/{backend}" }));
        Assert.Equal(0, await CountAsync(harness, new() { Backend = backend }));
        Assert.Equal(2 * Clients, await CountAsync(harness, new() { Client = IPNetwork.Parse("127.0.0.0/8") }));
        Assert.Equal(2 * Clients, await CountAsync(harness, new() { Client = IPNetwork.Parse("127.0.0.1/32") }));
        Assert.Equal(0, await CountAsync(harness, new() { Client = IPNetwork.Parse("127.0.0.2/32") }));
        Assert.Equal(0, await CountAsync(harness, new() { Client = IPNetwork.Parse("2001:db8::/32") }));
        Assert.Equal(Clients, await CountAsync(harness, new() { Services = new HashSet<string> { "datagrams" } }));
        Assert.Equal(0, await CountAsync(harness, new() { Services = new HashSet<string>() }));
        Assert.Equal(
            0,
            await CountAsync(
                harness,
                new()
                {
                    Service = "s",
                    Services = new HashSet<string> { "t" },
                }
            )
        );

        var first = await ReadAsync(harness, new() { Limit = 5 });
        Assert.Equal((5, (2 * Clients) - 5, all[4].Id), (first.Sessions.Count, first.More, first.Next));
        var rest = await ReadAsync(harness, new() { After = first.Next });
        Assert.Equal(all.Skip(5).Select(one => one.Id), rest.Sessions.Select(one => one.Id));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task One_that_is_ended_is_reset_and_its_id_is_nobodys_after_it()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var kept = await Sockets.ConnectAsync(target);
        using var client = await Sockets.ConnectAsync(target);
        using var server = await listener.AcceptOneAsync();
        using var other = await listener.AcceptOneAsync();
        await harness.UntilActiveAsync(2);
        var session = (await ReadAsync(harness, All)).Sessions.Single(one =>
            one.Client == client.LocalEndPoint!.ToString()
        );
        Assert.True(await harness.Plane.Sessions.EndAsync(session.Id, Cancellation));
        await client.AssertResetAsync();
        await harness.UntilActiveAsync(1);

        // Its place may be that of the next.
        using var next = await Sockets.ConnectAsync(target);
        await harness.UntilActiveAsync(2);
        Assert.False(await harness.Plane.Sessions.EndAsync(session.Id, Cancellation));
        Assert.Null(await harness.Plane.Sessions.FindAsync(session.Id, Cancellation));
        Assert.Equal(2, await CountAsync(harness, All));
        Assert.DoesNotContain(session.Id, (await ReadAsync(harness, All)).Sessions.Select(one => one.Id));
    }

    [Fact]
    public async Task A_session_of_datagrams_that_is_ended_begins_anew_with_the_next()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open();
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        using var client = Open();
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await client.SendAsync(new byte[7]);
        await harness.UntilActiveAsync(1);
        var first = Assert.Single((await ReadAsync(harness, All)).Sessions);
        Assert.Equal(("udp", 7, SessionState.Open), (first.Protocol, first.BytesIn, first.State));
        Assert.True(await harness.Plane.Sessions.EndAsync(first.Id, Cancellation));
        Assert.Equal(0, await CountAsync(harness, All));
        await client.SendAsync(new byte[2]);
        await harness.UntilActiveAsync(1);
        var second = Assert.Single((await ReadAsync(harness, All)).Sessions);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(2, second.BytesIn);
    }

    [Fact]
    public async Task What_a_session_does_is_told()
    {
        await using var harness = new PlaneHarness { Sessions = SessionOptions.Default };
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!);
        var target = await harness.ServeTcpAsync(backend);
        using var client = await Sockets.ConnectAsync(target);
        using var server = await listener.AcceptOneAsync();
        await UntilAsync(harness, SessionState.Open);
        client.Shutdown(SocketShutdown.Send);
        await UntilAsync(harness, SessionState.Closing);
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Tcp,
                IPAddress.Loopback,
                target.Port,
                backend with
                {
                    Duty = BackendDuty.Drain,
                    DrainUntil = DateTimeOffset.MaxValue,
                }
            )
        );
        await UntilAsync(harness, SessionState.Draining);
    }

    [Fact]
    public async Task Without_a_backend_datagrams_wait_for_one()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open();
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Udp,
                IPAddress.Loopback,
                port,
                PlaneHarness.Backend(backend.LocalEndPoint!, BackendDuty.Rest)
            )
        );
        using var client = Open();
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await client.SendAsync(new byte[7]);
        await UntilAsync(harness, SessionState.Waiting);
        var session = Assert.Single((await ReadAsync(harness, All)).Sessions);
        Assert.Equal((null, null), (session.Upstream, session.Backend));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0-0")]
    [InlineData("0-0-")]
    [InlineData("-1-0-1")]
    [InlineData("0-0-1-")]
    [InlineData("0-0-+1")]
    [InlineData("0-99999999999-1")]
    [InlineData("0-0-ffffffffffffffff")]
    [InlineData("0-0-fffffffffffffffff")]
    public void What_is_no_id_is_none(string text) => Assert.False(SessionId.TryParse(text, out _));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(1, 7, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(int.MaxValue, int.MaxValue, long.MaxValue)]
    public async Task An_id_of_nobody_finds_nobody(int loop, int place, long sequence)
    {
        await using var harness = new PlaneHarness();
        var id = new SessionId(loop, place, sequence);
        Assert.Null(await harness.Plane.Sessions.FindAsync(id, Cancellation));
        Assert.False(await harness.Plane.Sessions.EndAsync(id, Cancellation));
        Assert.Empty((await ReadAsync(harness, new() { After = id })).Sessions);
    }

    private static Task UntilAsync(PlaneHarness harness, SessionState state) =>
        Wait.Until(
            async () => (await ReadAsync(harness, All)).Sessions is [var one] && one.State == state,
            $"one session that is {state}"
        );

    private static Task<SessionPage> ReadAsync(PlaneHarness harness, SessionQuery query) =>
        Wait.For(harness.Plane.Sessions.ReadAsync(query, Cancellation), "the loops to tell their sessions");

    private static async Task<int> CountAsync(PlaneHarness harness, SessionQuery query) =>
        (await ReadAsync(harness, query)).Sessions.Count;

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
