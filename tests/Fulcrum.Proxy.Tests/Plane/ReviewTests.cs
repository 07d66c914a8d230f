using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Waiting;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class ReviewTests : IPassiveListener
{
    private readonly ConcurrentQueue<PassiveSignal> _signals = [];

    void IPassiveListener.OnSignal(PassiveSignal signal) => _signals.Enqueue(signal);

    [Fact]
    public async Task Who_waits_for_a_certain_backend_does_not_keep_others_from_the_rest()
    {
        await using var harness = new PlaneHarness(loops: 1);
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        harness.Retry = new Retry { Attempts = 7 };
        using var full = Sockets.Listen();
        var address = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(full.LocalEndPoint!) with { MaxConnections = 1 },
            PlaneHarness.Backend(address) with { MaxConnections = 5 }
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
    public async Task A_reload_does_not_lead_copies_elsewhere()
    {
        await using var harness = new PlaneHarness();
        harness.Queue = new ConnectQueue { Size = 10, Timeout = TimeSpan.FromMinutes(5) };
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        using var wrong = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        var place = new IPEndPoint(IPAddress.Loopback, port);
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!) with { MaxConnections = 1 });
        var copies = harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!));
        var others = harness.Destination("other", PlaneHarness.Backend(wrong.LocalEndPoint!));
        await harness.ApplyAsync(harness.Table(With([own, copies], 1)));
        using var first = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        using var copy = await mirror.AcceptOneAsync();
        using var second = await Sockets.ConnectAsync(place);
        await second.SendAllAsync("secret"u8.ToArray());
        await Wait.Until(() => harness.Observed.Waiting == 1, "who waits");
        await harness.ApplyAsync(harness.Table(With([own, others, copies], 2)));
        server.Abort();
        using var next = await backend.AcceptOneAsync();
        Assert.Equal("secret"u8.ToArray(), await next.ReceiveExactlyAsync(6));
        var (right, astray) = (mirror.AcceptAsync(), wrong.AcceptAsync());
        var came = await Task.WhenAny(right, astray).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Same(right, came);

        PlaneService With(Items<PlaneDestination> destinations, int tee)
        {
            var service = harness.Service(port);
            return service with
            {
                Listeners =
                [
                    service.Listeners[0] with
                    {
                        Destinations = destinations,
                        Routes =
                        [
                            new PlaneRoute
                            {
                                Path = "services.s.routes[0]",
                                Action = new PlaneForward(0),
                                Ingress = [new("t", new TeeStage("mirror"), tee)],
                            },
                        ],
                    },
                ],
            };
        }
    }

    [Fact]
    public async Task A_copy_forgets_its_client()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Persist = new Persistence { Timeout = TimeSpan.FromSeconds(1), TableSize = 100 };
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        var service = harness.Service(port);
        await harness.ApplyAsync(
            harness.Table(
                service with
                {
                    Listeners =
                    [
                        service.Listeners[0] with
                        {
                            Destinations =
                            [
                                harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
                                harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!)),
                            ],
                            Routes =
                            [
                                new PlaneRoute
                                {
                                    Path = "services.s.routes[0]",
                                    Action = new PlaneForward(0),
                                    Ingress = [new("t", new TeeStage("mirror"), 1)],
                                },
                            ],
                        },
                    ],
                }
            )
        );
        for (var client = 1; client <= 8; client++)
        {
            using var one = await Sockets.ConnectAsync(
                new IPEndPoint(IPAddress.Loopback, port),
                IPAddress.Parse($"127.0.0.{client + 20}")
            );
            using var server = await backend.AcceptOneAsync();
            using var copy = await mirror.AcceptOneAsync();
            one.Abort();
            await harness.UntilActiveAsync(0);
            await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        }
        Assert.InRange(harness.Observed.Remembered!.Value.Known, 0, 4);
    }

    [Fact]
    public async Task Who_speaks_after_the_deadline_is_not_let_in()
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Require,
            ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.0/8")],
        };
        using var listener = Sockets.Listen();
        var place = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(place);
        await harness.UntilActiveAsync(1);
        var drained = harness.Plane.DrainAsync(TimeSpan.Zero, null, TestContext.Current.CancellationToken);
        await harness.SyncAsync();
        await client.SendAllAsync("PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\nhello"u8.ToArray());
        await drained.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Ports_that_run_out_say_nothing_about_the_backend()
    {
        await using var harness = new PlaneHarness();
        harness.EjectAfter = 1;
        harness.Plane.Complaints = this;
        using var listener = Sockets.Listen();
        var own = new ConnectOptions
        {
            SourcePorts = new PortRange(40123, 40123),
            Source = [IPAddress.Parse("127.0.0.77")],
        };
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(listener.LocalEndPoint!) with { Connect = own }
        );
        using var first = await Sockets.ConnectAsync(target);
        using var server = await listener.AcceptOneAsync();
        await Sockets.AssertTurnedAwayAsync(target);
        await Wait.Until(() => harness.Counters.ConnectFailures == 1, "the failure");
        Assert.Empty(_signals);
    }

    [Fact]
    public void A_higher_rate_holds_at_once()
    {
        var client = SocketAddress.From(IPAddress.Parse("192.0.2.1"), 1);
        var slow = SourceLimits.By(new ClientRules { RatePerAddress = 1, BurstPerAddress = 100 }, null)!;
        for (var count = 0; count < 100; count++)
        {
            Assert.Equal(SourceVerdict.Admitted, slow.TryEnter(client, 0, out _));
        }
        var fast = SourceLimits.By(new ClientRules { RatePerAddress = 1000, BurstPerAddress = 1000 }, slow)!;
        _ = fast.TryEnter(client, 5_000_000, out _);
        Assert.Equal(SourceVerdict.Admitted, fast.TryEnter(client, 5_002_000, out _));
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
    public async Task Who_comes_while_a_table_is_prepared_stays_in_sight()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider(), loops: 1);
        harness.Sessions = harness.Sessions with { Drain = new DrainOptions { Deadline = TimeSpan.FromSeconds(10) } };
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        var (a, b) = (PlaneHarness.Backend(one.LocalEndPoint!), PlaneHarness.Backend(two.LocalEndPoint!));
        var target = await harness.ServeTcpAsync(a);
        await using var prepared = await harness.Plane.PrepareAsync(
            harness.Table(harness.Service(target.Port, b)),
            TestContext.Current.CancellationToken
        );
        using var client = await Sockets.ConnectAsync(target);
        using var server = await one.AcceptOneAsync();
        await prepared.CommitAsync();
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, a, b)));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(20));
        await client.SendAllAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task Control_who_came_before_stays_in_sight()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider(), loops: 1);
        harness.Sessions = harness.Sessions with { Drain = new DrainOptions { Deadline = TimeSpan.FromSeconds(10) } };
        using var one = Sockets.Listen();
        using var two = Sockets.Listen();
        var (a, b) = (PlaneHarness.Backend(one.LocalEndPoint!), PlaneHarness.Backend(two.LocalEndPoint!));
        var target = await harness.ServeTcpAsync(a);
        using var client = await Sockets.ConnectAsync(target);
        using var server = await one.AcceptOneAsync();
        await using var prepared = await harness.Plane.PrepareAsync(
            harness.Table(harness.Service(target.Port, b)),
            TestContext.Current.CancellationToken
        );
        await prepared.CommitAsync();
        await harness.ApplyAsync(harness.Table(harness.Service(target.Port, a, b)));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(20));
        await client.SendAllAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
    }

    [Fact]
    public async Task A_copy_begins_with_the_header_that_its_backend_wants()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var port = PlaneHarness.FreePort();
        var service = harness.Service(port);
        var copies = PlaneHarness.Backend(mirror.LocalEndPoint!) with
        {
            Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
        };
        await harness.ApplyAsync(
            harness.Table(
                service with
                {
                    Listeners =
                    [
                        service.Listeners[0] with
                        {
                            Destinations =
                            [
                                harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)),
                                harness.Destination("mirror", copies),
                            ],
                            Routes =
                            [
                                new PlaneRoute
                                {
                                    Path = "services.s.routes[0]",
                                    Action = new PlaneForward(0),
                                    Ingress = [new("t", new TeeStage("mirror"), 1)],
                                },
                            ],
                        },
                    ],
                }
            )
        );
        using var client = await Sockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        using var server = await backend.AcceptOneAsync();
        using var copy = await mirror.AcceptOneAsync();
        await client.SendAllAsync("hello"u8.ToArray());
        Assert.Equal("PROXY"u8.ToArray(), await copy.ReceiveExactlyAsync(5));
    }

    [Theory]
    [InlineData("PROXY TCP4 127.0.0.50 127.0.0.1 4711 80\r\nhello")]
    [InlineData("PROXY TCP6 ::ffff:127.0.0.50 ::ffff:127.0.0.1 4711 80\r\nhello")]
    public async Task A_mapped_address_is_an_ipv4_address(string text)
    {
        await using var harness = new PlaneHarness();
        harness.Client = new()
        {
            ProxyProtocol = ProxyProtocolAcceptance.Require,
            ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.0/8")],
        };
        using var listener = Sockets.Listen();
        var backend = PlaneHarness.Backend(listener.LocalEndPoint!) with { Connect = new() { Transparent = true } };
        using var client = await Sockets.ConnectAsync(await harness.ServeTcpAsync(backend));
        await client.SendAllAsync(System.Text.Encoding.ASCII.GetBytes(text));
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("127.0.0.50", ((IPEndPoint)server.RemoteEndPoint!).Address.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_listener_has_as_many_sessions_as_it_may_whatever_its_ports(int second)
    {
        await using var harness = new PlaneHarness(loops: 1);
        harness.Sessions = harness.Sessions with { MaxUdpSessions = 1 };
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        using var sink = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sink.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var service = harness.Service(
            ListenerProtocol.Udp,
            IPAddress.Loopback,
            port,
            PlaneHarness.Backend(sink.LocalEndPoint!)
        );
        var listener = service.Listeners[0];
        service = service with
        {
            Listeners = [listener with { Listener = listener.Listener with { Ports = new PortRange(port, port + 1) } }],
        };
        await harness.ApplyAsync(harness.Table(service));
        for (var client = 0; client < 2; client++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SendTo("x"u8, new IPEndPoint(IPAddress.Loopback, port + (client * second)));
        }
        await Wait.Until(() => harness.Counters.Total == 2, "two sessions");
        Assert.Equal(1, harness.Counters.Active);
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
