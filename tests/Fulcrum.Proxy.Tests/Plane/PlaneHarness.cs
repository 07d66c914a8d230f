using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Plane;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A plane of two loops on loopback with one service, and short words for its tables.</summary>
internal sealed class PlaneHarness : IAsyncDisposable
{
    public const int Loops = 2;
    public const string Name = "s";

    private readonly TimeProvider _time;
    private long _generation;

    public PlaneHarness(
        TimeProvider? time = null,
        Stream? standardError = null,
        int loops = Loops,
        InheritedSockets? inherited = null,
        LoopOptions? loop = null,
        bool isHeld = false,
        IDatagramOffload? offload = null
    )
    {
        _time = time ?? TimeProvider.System;
        Plane = new ProxyPlane(
            new ProxyPlaneOptions
            {
                Loops = loops,
                Inherited = inherited,
                IsHeld = isHeld,
                Offload = offload,
                FreeBind = false,
                StandardError = standardError ?? Stream.Null,
                Loop = loop ?? new(),
            },
            _time
        );
    }

    public ProxyPlane Plane { get; }

    /// <summary>Its clock moves by <see cref="AdvanceAsync"/> only.</summary>
    public bool IsManual => _time is ManualTimeProvider;

    public SessionOptions Sessions { get; set; } = SessionOptions.Default;

    public ClientRules Client { get; set; } = ClientRules.None;

    public AccessLog? AccessLog { get; set; }

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public int? EjectAfter { get; set; }

    public SuccessRate? EjectBelow { get; set; }

    public Balance Balance { get; set; } = new() { Algorithm = BalanceAlgorithm.RoundRobin };

    public Persistence? Persist { get; set; }

    public ConnectQueue? Queue { get; set; }

    public Retry Retry { get; set; } = Retry.Default;

    public ConnectOptions Connect { get; set; } = ConnectOptions.Unset;

    public SessionCounters Counters => Observed.Counters;

    public ObservedService Observed => Plane.Observe().Services[0];

    /// <summary>A port that is free now.</summary>
    public static int FreePort(
        ProtocolType protocol = ProtocolType.Tcp,
        AddressFamily family = AddressFamily.InterNetwork
    )
    {
        var type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        using var socket = new Socket(family, type, protocol);
        socket.Bind(
            new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0)
        );
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static PlaneBackend Backend(EndPoint endPoint, BackendDuty duty = BackendDuty.Serve)
    {
        var ip = (IPEndPoint)endPoint;
        return new PlaneBackend
        {
            Id = ip.ToString(),
            Address = ip.Address,
            Port = ip.Port,
            Weight = 1,
            Duty = duty,
        };
    }

    /// <summary>One that is reached by a path.</summary>
    public static PlaneBackend Backend(string path) =>
        new()
        {
            Id = path,
            Address = null,
            Path = path,
            Port = null,
            Weight = 1,
            Duty = BackendDuty.Serve,
        };

    /// <summary>A TCP service on loopback.</summary>
    public PlaneService Service(int port, params PlaneBackend[] backends) =>
        Service(ListenerProtocol.Tcp, IPAddress.Loopback, port, backends);

    public PlaneService Service(
        ListenerProtocol protocol,
        IPAddress? address,
        int port,
        params PlaneBackend[] backends
    ) =>
        Service(
            new Listener
            {
                Protocol = protocol,
                Address = address,
                Ports = PortRange.Of(port),
            },
            backends
        );

    public PlaneService Service(Listener address, params PlaneBackend[] backends)
    {
        var listener = new PlaneListener { Listener = address, Destinations = [Destination("u", backends)] };
        return new PlaneService
        {
            Name = Name,
            Listeners = [listener],
            Sessions = Sessions,
            Client = Client,
            AccessLog = AccessLog,
        };
    }

    /// <summary>An upstream that a listener leads to.</summary>
    public PlaneDestination Destination(string upstream, params PlaneBackend[] backends) =>
        new(
            Balance,
            new PlaneUpstream
            {
                Name = upstream,
                Backends = Items.From(backends),
                Connect = Connect,
                ConnectTimeout = ConnectTimeout,
                EjectAfter = EjectAfter,
                EjectBelow = EjectBelow,
                ConnectRetries = Retry.Attempts,
                RetryWait = Retry.Wait,
                RetryBudget = Retry.Budget,
                Queue = Queue,
            },
            Persist
        );

    /// <summary>One service.</summary>
    public PlaneTable Table(ListenerProtocol protocol, IPAddress? address, int port, params PlaneBackend[] backends) =>
        Table(Service(protocol, address, port, backends));

    /// <summary>These services, and no others.</summary>
    public PlaneTable Table(params PlaneService[] services) =>
        new(
            ++_generation,
            Map<string, PlaneService>.From(services.Select(service => KeyValuePair.Create(service.Name, service)))
        );

    public async Task ApplyAsync(PlaneTable table)
    {
        await using var prepared = await Plane.PrepareAsync(table, TestContext.Current.CancellationToken);
        await prepared.CommitAsync();
    }

    /// <summary>A TCP service on loopback; returns where.</summary>
    public async Task<IPEndPoint> ServeTcpAsync(params PlaneBackend[] backends)
    {
        var port = FreePort();
        await ApplyAsync(Table(ListenerProtocol.Tcp, IPAddress.Loopback, port, backends));
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>A TCP service on loopback whose routes lead to these upstreams by their places; returns where.</summary>
    public Task<IPEndPoint> ServeRoutesAsync(Items<PlaneRoute> routes, params PlaneDestination[] destinations) =>
        ServeRoutesAsync(FreePort(), routes, destinations);

    public async Task<IPEndPoint> ServeRoutesAsync(
        int port,
        Items<PlaneRoute> routes,
        params PlaneDestination[] destinations
    )
    {
        var service = Service(port);
        var listener = service.Listeners[0] with { Destinations = Items.From(destinations), Routes = routes };
        await ApplyAsync(Table(service with { Listeners = [listener] }));
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    public static PlaneRoute Route(int destination, Match? match = null) =>
        new()
        {
            Path = "services.s.routes[0]",
            Match = match,
            Action = new PlaneForward(destination),
        };

    /// <summary>
    /// Moves the manual clock, and lets every loop do what is due then. What was sent before is dealt with before, or
    /// it would count as having come at the new time.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SyncAsync();
        ((ManualTimeProvider)_time).Advance(by);
        await SyncAsync();
    }

    /// <summary>
    /// Waits until the loops have done what is due at the time as it is now. The first message may come in a turn
    /// that began before; the second is in a later one, and the third after that one's timers.
    /// </summary>
    public async Task SyncAsync()
    {
        foreach (var loop in Plane.EventLoops)
        {
            for (var message = 0; message < 3; message++)
            {
                await Wait.For(loop.InvokeAsync(() => { }), "a turn of the loop");
            }
        }
    }

    public Task UntilActiveAsync(long sessions) =>
        Wait.Until(() => Counters.Active == sessions, $"{sessions} active sessions");

    public Task<int> BuffersInUseAsync(EventLoop loop) => loop.InvokeAsync(() => loop.Reactor.Buffers.InUse);

    public ValueTask DisposeAsync() => Plane.DisposeAsync();
}
