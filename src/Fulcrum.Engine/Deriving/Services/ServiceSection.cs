using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>Every service: which views its listeners have, what is decided about it, what its plane is told.</summary>
internal sealed record ServiceSection
{
    public static ServiceSection Initial { get; } = new();

    public Map<string, DerivedService> Services { get; init; } = Map<string, DerivedService>.Empty;

    public Map<PlaneKind, PlaneTable> Planes { get; init; } = Map<PlaneKind, PlaneTable>.Empty;

    private Uses<UpstreamView, string> ByView { get; init; } = Uses<UpstreamView, string>.None;

    /// <summary>Services that stay only until their addresses are withdrawn.</summary>
    private Map<string, DerivedService> Leaving { get; init; } = Map<string, DerivedService>.Empty;

    private Wakes<string> Waiting { get; init; } = Wakes<string>.None;

    public DateTimeOffset? WakeAt => Waiting.Earliest;

    public bool IsAnybodyLeaving => !Leaving.IsEmpty;

    public HashSet<string> LeavingNames => new(Leaving.Keys, StringComparer.Ordinal);

    /// <summary>Somebody leads clients there.</summary>
    public bool Uses(UpstreamView view) => ByView.Any(view);

    public IEnumerable<string> UsersOf(UpstreamView view) => ByView.Of(view);

    /// <summary>The services that a change of configuration, an override or time may have changed.</summary>
    public HashSet<string> Touched(
        EngineInputs before,
        EngineInputs inputs,
        UpstreamSection upstreams,
        DateTimeOffset now
    )
    {
        var touched = Waiting.DueBy(now).ToHashSet(StringComparer.Ordinal);
        touched.UnionWith(inputs.Snapshot.Services.ChangesSince(before.Snapshot.Services).Select(change => change.Key));
        if (!Equals(inputs.Snapshot.Defaults, before.Snapshot.Defaults) || inputs.Planes != before.Planes)
        {
            touched.UnionWith(Services.Keys);
        }

        if (
            !ReferenceEquals(inputs.Snapshot.RouteLists, before.Snapshot.RouteLists)
            || !ReferenceEquals(inputs.Snapshot.Stages, before.Snapshot.Stages)
        )
        {
            touched.UnionWith(Services.Where(pair => !pair.Value.Service.Routes.IsEmpty).Select(pair => pair.Key));
        }

        // An upstream whose policy or connect options changed is seen in another way by those who lead there.
        foreach (var change in inputs.Snapshot.Upstreams.ChangesSince(before.Snapshot.Upstreams))
        {
            if (!ReferenceEquals(change.Before?.Policy, change.After?.Policy))
            {
                touched.UnionWith(upstreams.ByUpstream.Of(change.Key).SelectMany(UsersOf));
            }
        }

        foreach (var change in inputs.Overrides.ChangesSince(before.Overrides))
        {
            if (change.Key.Kind == Model.Overrides.OverrideTargetKind.Service)
            {
                touched.Add(change.Key.Name);
            }
        }

        // Whether its addresses stand, and whether somebody else keeps them.
        if (
            !ReferenceEquals(inputs.Observed, before.Observed)
            || !ReferenceEquals(inputs.Snapshot, before.Snapshot)
            || !ReferenceEquals(inputs.Overrides, before.Overrides)
        )
        {
            touched.UnionWith(Leaving.Keys);
        }

        return touched;
    }

    /// <summary>The service has these views from now on; views of its that nobody has any more are the caller's to drop.</summary>
    public ServiceSection Lead(string service, Items<UpstreamView> views) =>
        this with
        {
            ByView = ByView.Moved(service, Services[service]?.Views.All ?? [], views),
        };

    /// <summary>What is decided about a service from now on; null: it is gone.</summary>
    public ServiceSection With(string name, DerivedService? after, LedgerDraft numbers)
    {
        var before = Services[name];
        if (ReferenceEquals(before, after))
        {
            return this;
        }

        foreach (var mark in ServiceMarks.Of(before?.Plane).Except(ServiceMarks.Of(after?.Plane)))
        {
            numbers.Free(mark);
        }

        return this with
        {
            Services = after is null ? Services.Without(name) : Services.With(name, after),
            Leaving = after is { Leaving: true } ? Leaving.With(name, after) : Leaving.Without(name),
            Waiting = Waiting.With(name, after?.WakeAt),
            Planes = Carry(Carry(Planes, before, null, keep: after), after, after?.Plane, keep: null),
        };
    }

    /// <summary>Tables that differ from <paramref name="before"/> get the next generation.</summary>
    /// <param name="before">The tables of the decision before.</param>
    /// <param name="snapshot">It says something of planes as a whole, too.</param>
    public ServiceSection Numbered(Map<PlaneKind, PlaneTable> before, Snapshot snapshot)
    {
        var planes = Planes;
        if (planes[PlaneKind.Ipvs] is { } kernel && kernel.Ipvs != snapshot.Ipvs)
        {
            planes = planes.With(PlaneKind.Ipvs, kernel with { Ipvs = snapshot.Ipvs });
        }

        foreach (var kind in new[] { PlaneKind.Xdp, PlaneKind.Tc })
        {
            if (planes[kind] is { } table && table.Xdp != snapshot.Xdp)
            {
                planes = planes.With(kind, table with { Xdp = snapshot.Xdp });
            }
        }

        foreach (var change in planes.ChangesSince(before))
        {
            if (change.After is { } table)
            {
                planes = planes.With(change.Key, table with { Generation = (change.Before?.Generation ?? 0) + 1 });
            }
        }

        return this with
        {
            Planes = planes,
        };
    }

    // A service that another plane carries from now on leaves the table of the former one.
    private static Map<PlaneKind, PlaneTable> Carry(
        Map<PlaneKind, PlaneTable> planes,
        DerivedService? service,
        PlaneService? told,
        DerivedService? keep
    )
    {
        if (service?.Carrier is not { } carrier || (keep is not null && keep.Carrier == carrier))
        {
            return planes;
        }

        var table = planes[carrier] ?? PlaneTable.Empty;
        var services = told is null
            ? table.Services.Without(service.Service.Name)
            : table.Services.With(told.Name, told);
        return ReferenceEquals(services, table.Services)
            ? planes
            : planes.With(carrier, table with { Services = services });
    }
}
