using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Examining;

/// <summary>
/// What a configuration asks of a machine. Nothing is read out of the file that the node itself decides: the same
/// decisions are made here, with all backends thought to be well, and what comes out says what is needed.
/// </summary>
internal sealed partial class NeedsOfFile
{
    private readonly Snapshot _snapshot;
    private readonly List<DerivedService> _services;
    private readonly DerivedState _state;
    private readonly Node? _node;

    private NeedsOfFile(Snapshot snapshot, DerivedState state, List<DerivedService> services, Node? node) =>
        (_snapshot, _state, _services, _node) = (snapshot, state, services, node);

    /// <param name="planes">What they offer on this machine.</param>
    public static Needs Of(Snapshot snapshot, string node, Items<PlaneOffer> planes)
    {
        var inputs = new EngineInputs
        {
            Node = node,
            Snapshot = snapshot,
            Planes = planes,
        };
        var here = Decide(inputs);
        // What nothing carries here needs the plane that would carry it elsewhere.
        var elsewhere = Decide(
            inputs with
            {
                Planes = Items.From(planes.Select(plane => plane with { Unavailable = null })),
            }
        );
        var services = here
            .Services.Select(pair => pair.Value.Reason is NoPlane ? elsewhere.Services[pair.Key]! : pair.Value)
            .OrderBy(derived => derived.Service.Name, StringComparer.Ordinal)
            .ToList();
        return new NeedsOfFile(snapshot, elsewhere, services, snapshot.Nodes.Find(node)).Collect();
    }

    private static DerivedState Decide(EngineInputs inputs) =>
        Deriver.Derive(inputs, DerivedState.Initial, DateTimeOffset.UnixEpoch).Next;

    private Needs Collect()
    {
        var balanced = Carried(PlaneKind.Ipvs);
        var (balancer, vips) = (Names("service", balanced), Names("vip", _snapshot.Vips.Where(IsRaised)));
        var programs = Names("service", Carried(PlaneKind.Xdp).Concat(Carried(PlaneKind.Tc)));
        var sync = _snapshot.Ipvs.Sync is null || balanced.Count == 0 ? [] : new[] { "ipvs.sync" };
        return new()
        {
            Balancer = [.. balancer, .. sync],
            Parts = Parts(balanced),
            Table = new(1, Map<string, PlaneService>.From(balanced.Select(one => KeyValuePair.Create(one.Name, one)))),
            Marks = Names("service", balanced.Where(HasMark)),
            Sources = Names("service", balanced.Where(TranslatesSources)),
            Programs = programs,
            Xdp = _snapshot.Xdp,
            InDriver = Carried(PlaneKind.Xdp).Count > 0,
            Administration = [.. balancer, .. programs, .. vips, .. Names("interface", _snapshot.Interfaces)],
            MarkedSockets = [.. MarkedSockets()],
            TransparentSockets = [.. Proxied(listener => listener.Transparent, connect => connect.Transparent == true)],
            Echo = [.. UpstreamsAsking(task => task.Probe is IcmpProbe)],
            Offload = [.. OfOffload().Select(pair => pair.Who).Distinct(StringComparer.Ordinal)],
            OffloadInterfaces = [.. OfOffload().Select(pair => pair.Name)],
            LowPorts = [.. LowPorts()],
            Proxied = Names("service", Carried(PlaneKind.Proxy)),
            Kinds = [.. Kinds()],
            Interfaces = NamedInterfaces(sync),
            Networks = [.. Networks()],
            Group = _snapshot.Api.Socket.Group,
            Planeless =
            [
                .. _services
                    .Where(derived => derived.Reason is NoPlane)
                    .Select(derived => ($"service/{derived.Service.Name}", derived.Reason.Text)),
            ],
        };
    }

    private List<PlaneService> Carried(PlaneKind plane) =>
        [.. _services.Where(derived => derived.Carrier == plane).Select(derived => derived.Plane!)];

    private static Dictionary<BalancerPart, IReadOnlyList<string>> Parts(IEnumerable<PlaneService> services) =>
        services
            .SelectMany(service => PartsOf(service).Select(part => (Part: part, Who: $"service/{service.Name}")))
            .Distinct()
            .GroupBy(pair => pair.Part, pair => pair.Who)
            .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group]);

    private static IEnumerable<BalancerPart> PartsOf(PlaneService service) =>
        from listener in service.Listeners
        from destination in listener.Destinations
        from part in (BalancerPart?[])
            [
                BalancerPart.Of(destination.Balance.Algorithm),
                destination.Persist?.By == ClientIdentity.SipCallId ? BalancerPart.SipEngine : null,
            ]
        where part is not null
        select part;

    private static bool HasMark(PlaneService service) =>
        service.Mark is not null || service.Listeners.Any(listener => listener.Mark is not null);

    private static bool IsRaised(Vip vip) => vip.On is not NoPlace;

    private static bool TranslatesSources(PlaneService service) =>
        service
            .Listeners.SelectMany(listener => listener.Destinations)
            .Where(destination => destination.Forward == Forward.Nat)
            .SelectMany(ConnectsOf)
            .Any(connect => !connect.Source.IsEmpty);

    private IEnumerable<string> MarkedSockets() =>
        UpstreamsAsking(task => task.Mark is not null)
            .Concat(Proxied(listener => listener.Socket.Mark is not null, connect => connect.Socket.Mark is not null));

    /// <summary>Services of the proxy whose listeners, or connections to backends, are so.</summary>
    private IEnumerable<string> Proxied(Func<Listener, bool> isMeant, Func<ConnectOptions, bool> connectsSo) =>
        Names(
            "service",
            Carried(PlaneKind.Proxy)
                .Where(service =>
                    service.Listeners.Any(listener =>
                        isMeant(listener.Listener) || listener.Destinations.SelectMany(ConnectsOf).Any(connectsSo)
                    )
                )
        );

    private static IEnumerable<ConnectOptions> ConnectsOf(PlaneDestination destination) =>
        destination
            .Upstream.Backends.Select(backend => backend.Connect)
            .OfType<ConnectOptions>()
            .Append(destination.Upstream.Connect);

    private IEnumerable<string> UpstreamsAsking(Func<ProbeTask, bool> isMeant) =>
        _snapshot
            .Upstreams.Where(upstream => _state.ViewsOf(upstream.Name).Any(view => view.Probes.Any(isMeant)))
            .Select(upstream => $"upstream/{upstream.Name}");

    private IEnumerable<(int Port, string Who)> LowPorts() =>
        Carried(PlaneKind.Proxy)
            .SelectMany(service => service.Listeners.Select(listener => (listener.Listener.Ports, service.Name)))
            .Where(pair => pair.Ports.First > 0)
            .Select(pair => (pair.Ports.First, $"service/{pair.Name}"))
            .Concat(_snapshot.Api.Listen.Select(endpoint => (endpoint.Port, "api.listen")));

    private static IReadOnlyList<string> Names(string kind, IEnumerable<PlaneService> services) =>
        [.. services.Select(service => $"{kind}/{service.Name}")];

    private static IReadOnlyList<string> Names(string kind, IEnumerable<INamed> objects) =>
        [.. objects.Select(one => $"{kind}/{one.Name}")];
}
