using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Once a loop has reached its working size, the way of data and of connections allocates nothing.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task Requests_over_tcp_allocate_nothing_on_the_loops()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();
        var request = new byte[4096];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                Exchange(client, server, request);
                Exchange(server, client, request);
            }
        );
    }

    [Theory]
    [InlineData("limit")]
    [InlineData("tee")]
    [InlineData("upstream")]
    [InlineData("echo")]
    [InlineData("discard")]
    public async Task What_passes_stages_allocates_nothing_on_the_loops(string kind)
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var mirror = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await ServeAsync(harness, StageOf(kind), listener, mirror, ListenerProtocol.Tcp)
        );
        using var server = await listener.AcceptOneAsync();
        using var copy = kind is "tee" or "upstream" ? await mirror.AcceptOneAsync() : null;
        var request = new byte[4096];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                if (kind == "discard")
                {
                    client.Send(request);
                }
                else
                {
                    Exchange(
                        client,
                        kind == "echo" ? client
                            : kind == "upstream" ? copy!
                            : server,
                        request
                    );
                }
                if (kind == "upstream")
                {
                    Exchange(copy!, server, request);
                }
                else if (copy is not null)
                {
                    Receive(copy, request);
                }
                Exchange(server, client, request);
            }
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_allocate_nothing_on_the_loops(bool withLimits)
    {
        await using var harness = new PlaneHarness();
        if (withLimits)
        {
            harness.Client = new ClientRules { MaxConnectionsPerAddress = 1_000, RatePerAddress = 1_000_000 };
            harness.Persist = new Persistence { Timeout = TimeSpan.FromMinutes(1) };
            harness.Queue = new ConnectQueue { Size = 10 };
            harness.Retry = new Retry { Budget = new() { Share = 0.5 } };
        }
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        var request = new byte[16];
        await FillPoolsAsync(harness, target, listener);

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(target);
                using var server = listener.Accept();
                Exchange(client, server, request);
                client.Shutdown(SocketShutdown.Send);
                Assert.Equal(0, server.Receive(request));
            }
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_that_are_led_by_name_allocate_nothing_on_the_loops(bool isLogged)
    {
        await using var harness = new PlaneHarness { AccessLog = isLogged ? AccessLog.Default : null };
        using var listener = Sockets.Listen();
        var named = PlaneHarness.Backend(listener.LocalEndPoint!);
        var other = named with { Id = "other", Sni = new(TextPatternKind.Wildcard, "*.example.com") };
        var destination = harness.Destination("u", named with { Sni = new(TextPatternKind.Wildcard, "www.*") }, other);
        var target = await harness.ServeRoutesAsync(
            [],
            destination with
            {
                Upstream = destination.Upstream with { BySni = BySni.Refuse },
            }
        );
        var hello = await Hellos.OfAsync("www.example.com", "h2", "http/1.1");
        await FillPoolsAsync(harness, target, listener, hello);

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(target);
                client.Send(hello);
                using var server = listener.Accept();
                Receive(server, hello);
                client.Shutdown(SocketShutdown.Send);
                Assert.Equal(0, server.Receive(hello));
            }
        );
    }

    [Fact]
    public async Task Datagrams_allocate_nothing_on_the_loops()
    {
        await using var harness = new PlaneHarness();
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(ListenerProtocol.Udp, null, port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[1400];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(buffer);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal(buffer.Length, backend.ReceiveFrom(buffer, ref from));
                backend.SendTo(buffer, from);
                Assert.Equal(buffer.Length, client.Receive(buffer));
            }
        );
    }

    [Fact]
    public async Task Trains_allocate_nothing_on_the_loops()
    {
        const int Segment = 1200;
        await using var harness = new PlaneHarness();
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var target = await Datagrams.ServeAsync(harness, null, backend);
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, target);
        foreach (var socket in new[] { client, backend })
        {
            socket.TakeTrains();
            socket.SendTrainsOf(Segment);
        }
        var buffer = new byte[20 * Segment];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(buffer);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal(buffer.Length, backend.ReceiveFrom(buffer, ref from));
                backend.SendTo(buffer, from);
                Assert.Equal(buffer.Length, client.Receive(buffer));
            }
        );
    }

    [Theory]
    [InlineData("limit")]
    [InlineData("tee")]
    [InlineData("echo")]
    [InlineData("discard")]
    public async Task Datagrams_that_pass_stages_allocate_nothing_on_the_loops(string kind)
    {
        await using var harness = new PlaneHarness();
        using var backend = Datagrams.Open(IPAddress.Loopback);
        using var mirror = Datagrams.Open(IPAddress.Loopback);
        var place = await ServeAsync(harness, StageOf(kind), backend, mirror, ListenerProtocol.Udp);
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, place);
        var buffer = new byte[1400];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                client.Send(buffer);
                if (kind is "limit" or "tee")
                {
                    Assert.Equal(buffer.Length, backend.ReceiveFrom(buffer, ref from));
                    backend.SendTo(buffer, from);
                }
                if (kind == "tee")
                {
                    Assert.Equal(buffer.Length, mirror.ReceiveFrom(buffer, ref from));
                    mirror.SendTo(buffer, from);
                }
                if (kind != "discard")
                {
                    Assert.Equal(buffer.Length, client.Receive(buffer));
                }
            }
        );
    }

    [Theory]
    [InlineData(Framing.None)]
    [InlineData(Framing.Length)]
    public async Task Datagrams_over_connections_allocate_nothing_on_the_loops(Framing framing)
    {
        await using var harness = new PlaneHarness();
        harness.Connect = new() { Protocol = ConnectProtocol.Tcp, Framing = framing };
        using var listener = Sockets.Listen();
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[1000];
        var stream = new byte[framing == Framing.Length ? 1002 : 1000];
        client.Send(buffer);
        using var server = await listener.AcceptOneAsync();
        server.NoDelay = true;
        Receive(server, stream);

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(buffer);
                for (var have = 0; have < stream.Length; )
                {
                    have += server.Receive(stream.AsSpan(have));
                }
                // In two pieces, of which the second is a datagram of its own or none.
                server.Send(stream.AsSpan(0, 500));
                server.Send(stream.AsSpan(500));
                for (var have = 0; have < buffer.Length; )
                {
                    have += client.Receive(buffer);
                }
            }
        );
    }

    [Fact]
    public async Task Unix_datagrams_allocate_nothing_on_the_loops()
    {
        using var folder = new TemporaryDirectory();
        await using var harness = new PlaneHarness();
        using var backend = Datagrams.Open(IPAddress.Loopback);
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(
                    UnixSockets.Listener(folder.PathOf("in"), ListenerProtocol.UnixDatagram),
                    PlaneHarness.Backend(backend.LocalEndPoint!)
                )
            )
        );
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.Bind(new UnixDomainSocketEndPoint(folder.PathOf("client")));
        await client.ConnectAsync(new UnixDomainSocketEndPoint(folder.PathOf("in")));
        var buffer = new byte[1400];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(buffer);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal(buffer.Length, backend.ReceiveFrom(buffer, ref from));
                backend.SendTo(buffer, from);
                Assert.Equal(buffer.Length, client.Receive(buffer));
            }
        );
    }

    [Fact]
    public async Task Sessions_of_one_question_allocate_nothing_on_the_loops()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 1, UdpResponses = 1 };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var target = await Datagrams.ServeAsync(harness, IPAddress.Loopback, backend);
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, target);
        var buffer = new byte[100];

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(buffer);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal(buffer.Length, backend.ReceiveFrom(buffer, ref from));
                backend.SendTo(buffer, from);
                Assert.Equal(buffer.Length, client.Receive(buffer));
            }
        );
    }

    // A loop that is held up for a moment has several sessions at once, and takes more of them out of its pool than ever.
    private static async Task FillPoolsAsync(
        PlaneHarness harness,
        IPEndPoint target,
        Socket backend,
        byte[]? beginning = null
    )
    {
        const int Most = 100;
        var clients = new List<Socket>();
        for (var count = 0; count < Most; count++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            await clients[^1].SendAllAsync(beginning ?? []);
            clients.Add(await backend.AcceptOneAsync());
        }
        await harness.UntilActiveAsync(Most);
        clients.ForEach(client => client.Abort());
        await harness.UntilActiveAsync(0);
    }

    private static PlaneStage StageOf(string kind)
    {
        StageSpec spec = kind switch
        {
            "limit" => new RateLimitStage(1 << 30, 1 << 30),
            "tee" => new TeeStage("mirror"),
            "upstream" => new UpstreamStage("mirror"),
            "echo" => new SimpleStage(BuiltInStage.Echo),
            _ => new SimpleStage(BuiltInStage.Discard),
        };
        return new("s", spec, spec is TeeStage or UpstreamStage ? 1 : null);
    }

    private static async Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        PlaneStage stage,
        Socket backend,
        Socket mirror,
        ListenerProtocol protocol
    )
    {
        var isDatagrams = protocol == ListenerProtocol.Udp;
        var port = PlaneHarness.FreePort(isDatagrams ? ProtocolType.Udp : ProtocolType.Tcp);
        var service = harness.Service(protocol, IPAddress.Loopback, port);
        var route = new PlaneRoute
        {
            Path = "services.s.routes[0]",
            Action = new PlaneForward(0),
            Ingress = [stage],
            Egress = stage.Spec is RateLimitStage ? [stage] : default,
        };
        var listener = service.Listeners[0] with
        {
            Destinations =
            [
                harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
                harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!)),
            ],
            Routes = [route],
        };
        await harness.ApplyAsync(harness.Table(service with { Listeners = [listener] }));
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    private static void Exchange(Socket from, Socket to, byte[] data)
    {
        from.Send(data);
        Receive(to, data);
    }

    private static void Receive(Socket to, byte[] data)
    {
        for (var have = 0; have < data.Length; )
        {
            have += to.Receive(data);
        }
    }
}
