using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>
/// What the listeners of a service lead to: the upstreams in the order in which they are first spoken of, its own first,
/// and the routes with every name resolved.
/// </summary>
internal sealed class Reach
{
    private readonly Snapshot _snapshot;
    private readonly List<string> _upstreams = [];
    private readonly HashSet<Items<int>> _paths = [];
    private readonly Dictionary<string, Items<PlaneRoute>> _lists = new(StringComparer.Ordinal);

    private Reach(Snapshot snapshot, Service service)
    {
        _snapshot = snapshot;
        if (service.Upstream is { } own)
        {
            _paths.Add([PlaceOf(own)]);
        }

        if (!service.Routes.IsEmpty)
        {
            Routes = Resolve(service.Routes, $"services.{service.Name}.routes");
            if (service.Upstream is { } rest)
            {
                Routes = Routes.Add(
                    new() { Path = $"services.{service.Name}.upstream", Action = new PlaneForward(PlaceOf(rest)) }
                );
            }
        }
    }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Upstreams => _upstreams;

    public Items<PlaneRoute> Routes { get; }

    public static Reach Of(Snapshot snapshot, Service service) => new(snapshot, service);

    /// <summary>
    /// The ways that clients take, each by the places of all the upstreams that must work for it: where it leads, and what
    /// it leads through. What only gets copies is none of them.
    /// </summary>
    public IReadOnlyCollection<Items<int>> Paths => _paths;

    private Items<PlaneRoute> Resolve(Items<Route> routes, string path) =>
        Items.From(routes.Select((route, index) => Resolve(route, $"{path}[{index}]")));

    private PlaneRoute Resolve(Route route, string path)
    {
        // First: upstreams are counted in the order in which they are spoken of.
        var action = Resolve(route.Action);
        var (ingress, egress) = (Resolve(route.Ingress), Resolve(route.Egress));
        if (action is PlaneForward forward)
        {
            var through = ingress.Concat(egress).Where(stage => stage.Spec is UpstreamStage);
            _paths.Add(Items.From(through.Select(stage => stage.Destination!.Value).Prepend(forward.Destination)));
        }

        return new()
        {
            Path = path,
            Match = route.Match,
            Rewrite = route.Rewrite,
            Action = action,
            Ingress = ingress,
            Egress = egress,
            Retry = route.Retry,
        };
    }

    private PlaneRouteAction Resolve(RouteAction action) =>
        action switch
        {
            ToUpstream to => new PlaneForward(PlaceOf(to.Upstream)),
            Goto to => new PlaneGoto(ListOf(to.RouteList)),
            Reject reject => new PlaneReject(reject.Code),
            _ => throw new InvalidOperationException($"There is no route action {action}."),
        };

    // Lists do not lead in circles; one that several routes lead to is resolved once.
    private Items<PlaneRoute> ListOf(string name)
    {
        if (!_lists.TryGetValue(name, out var routes))
        {
            _lists[name] = routes = Resolve(_snapshot.RouteLists.Find(name)!.Routes, $"route-lists.{name}");
        }

        return routes;
    }

    private Items<PlaneStage> Resolve(Items<string> stages) =>
        Items.From(
            stages.Select(name =>
            {
                var spec = _snapshot.Stages.Find(name)!.Spec;
                int? destination = spec switch
                {
                    TeeStage tee => PlaceOf(tee.Upstream),
                    UpstreamStage through => PlaceOf(through.Upstream),
                    _ => null,
                };
                return new PlaneStage(name, spec, destination);
            })
        );

    private int PlaceOf(string upstream)
    {
        var place = _upstreams.IndexOf(upstream);
        if (place < 0)
        {
            place = _upstreams.Count;
            _upstreams.Add(upstream);
        }

        return place;
    }
}
