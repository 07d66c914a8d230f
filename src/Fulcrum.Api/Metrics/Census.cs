using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// All services, backends, upstreams and vips as they are at one moment: what was decided, and beside it what the
/// plane counted. Everybody who reads a round of metrics reads one census.
/// </summary>
internal sealed class Census
{
    /// <summary>Kept free of the bound for what does not grow with the configuration: loops, checks by kind, the process.</summary>
    public const int Reserve = 5_000;

    private readonly List<ServiceRow> _services = [];
    private readonly List<BackendRow> _backends = [];
    private readonly List<UpstreamRow> _upstreams = [];
    private readonly List<VipRow> _vips = [];

    private Census(DerivedState state, PlaneObservation observed, SeriesCosts costs)
    {
        State = state;
        AddServices(state, observed);
        AddUpstreams(state);
        foreach (var vip in state.Inputs.Snapshot.Vips)
        {
            if (state.Vips[vip.Name] is { } derived)
            {
                _vips.Add(new([new("vip", vip.Name)], derived.State, derived.Role == Role.Active));
            }
        }

        // Who comes last gives way first.
        var budget = new SeriesBudget(state.Inputs.Snapshot.Metrics.MaxSeries - Reserve);
        Vips = budget.Take("vip", _vips, costs.OfVip);
        Services = budget.Take("service", _services, costs.OfService);
        Upstreams = budget.Take("upstream", _upstreams, costs.OfUpstream);
        Backends = budget.Take("backend", _backends, costs.OfBackend);
        LeftOut = budget.LeftOut;
    }

    public static Census Empty { get; } = new(DerivedState.Initial, new(0, []), SeriesCosts.None);

    public DerivedState State { get; }

    public IReadOnlyList<ServiceRow> Services { get; }

    public IReadOnlyList<BackendRow> Backends { get; }

    public IReadOnlyList<UpstreamRow> Upstreams { get; }

    public IReadOnlyList<VipRow> Vips { get; }

    /// <summary>Series beyond the bound, by kind of object.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; }

    public static Census Take(DerivedState state, PlaneObservation observed, SeriesCosts costs) =>
        new(state, observed, costs);

    private void AddServices(DerivedState state, PlaneObservation observed)
    {
        var counted = new Dictionary<string, ObservedService>(observed.Services.Count, StringComparer.Ordinal);
        foreach (var service in observed.Services)
        {
            counted[service.Name] = service;
        }

        foreach (var service in state.Inputs.Snapshot.Services)
        {
            if (state.Services[service.Name] is { Plane: not null } derived)
            {
                counted.Remove(service.Name, out var its);
                Add(state, derived, its ?? new(service.Name, default, []));
            }
        }

        // Gone from the configuration, and not from the sessions.
        foreach (var service in observed.Services)
        {
            if (counted.ContainsKey(service.Name))
            {
                _services.Add(new([new("service", service.Name)], false, true, true, service));
                AddFading(service.Name, service.Backends, true);
            }
        }
    }

    private void Add(DerivedState state, DerivedService derived, ObservedService observed)
    {
        var name = derived.Service.Name;
        var (streams, datagrams) = (false, false);
        foreach (var listener in derived.Plane!.Listeners)
        {
            var isDatagram = listener.Listener.Protocol == ListenerProtocol.Udp;
            (streams, datagrams) = (streams || !isDatagram, datagrams || isDatagram);
        }

        var healthy = !derived.Leaving;
        var left = observed.Backends;
        var seen = new List<string>();
        foreach (var upstream in state.UpstreamsOf(derived))
        {
            healthy &= upstream.Serves;
            if (!seen.Contains(upstream.Plane.Name, StringComparer.Ordinal))
            {
                seen.Add(upstream.Plane.Name);
                left = Add(name, upstream, left, datagrams);
            }
        }

        AddFading(name, left, datagrams);
        _services.Add(new([new("service", name)], healthy, streams, datagrams, observed));
    }

    /// <returns>What was observed of others.</returns>
    private Items<ObservedBackend> Add(
        string service,
        DerivedUpstream upstream,
        Items<ObservedBackend> observed,
        bool datagrams
    )
    {
        var counted = new Dictionary<string, SessionCounters>(observed.Count, StringComparer.Ordinal);
        var others = 0;
        foreach (var backend in observed)
        {
            if (backend.Upstream == upstream.Plane.Name)
            {
                counted[backend.Id] = backend.Counters;
            }
            else
            {
                others++;
            }
        }

        for (var i = 0; i < upstream.Plane.Backends.Count; i++)
        {
            var backend = upstream.Plane.Backends[i];
            counted.Remove(backend.Id, out var counters);
            Add(service, upstream.Plane.Name, backend, upstream.Facts[i].Verdict, datagrams, counters);
        }

        return counted.Count + others == 0
            ? []
            : Items.From(observed.Where(one => one.Upstream != upstream.Plane.Name || counted.ContainsKey(one.Id)));
    }

    private void Add(
        string service,
        string upstream,
        PlaneBackend backend,
        Verdict verdict,
        bool datagrams,
        SessionCounters counters
    ) =>
        _backends.Add(
            new(
                [new("service", service), new("upstream", upstream), new("backend", backend.Id)],
                backend.Weight,
                backend.Duty,
                verdict,
                datagrams,
                counters
            )
        );

    private void AddFading(string service, Items<ObservedBackend> backends, bool datagrams)
    {
        foreach (var backend in backends)
        {
            _backends.Add(
                new(
                    [new("service", service), new("upstream", backend.Upstream), new("backend", backend.Id)],
                    0,
                    BackendDuty.Drain,
                    Verdict.Unknown,
                    datagrams,
                    backend.Counters
                )
            );
        }
    }

    private void AddUpstreams(DerivedState state)
    {
        foreach (var upstream in state.Inputs.Snapshot.Upstreams)
        {
            UpstreamRow? worst = null;
            foreach (var view in state.ViewsOf(upstream.Name))
            {
                var row = Describe(upstream.Name, view);
                worst =
                    worst is null || (row.Serving, row.Healthy).CompareTo((worst.Serving, worst.Healthy)) < 0
                        ? row
                        : worst;
            }

            if (worst is not null)
            {
                _upstreams.Add(worst);
            }
        }
    }

    private static UpstreamRow Describe(string name, DerivedUpstream view)
    {
        var (healthy, serving) = (0, 0);
        for (var i = 0; i < view.Facts.Count; i++)
        {
            healthy += view.Facts[i].Verdict == Verdict.Healthy ? 1 : 0;
            serving += view.Plane.Backends[i].Duty == BackendDuty.Serve ? 1 : 0;
        }

        return new([new("upstream", name)], view.Facts.Count, healthy, serving, view.Verdict);
    }
}
