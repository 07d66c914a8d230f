using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// All services, backends, upstreams and vips as they are at one moment: what was decided, and beside it what the
/// plane counted. Everybody who reads a round of metrics reads one census.
/// </summary>
internal sealed class Census
{
    /// <summary>Kept free of the bound for what does not grow with the configuration: loops, checks by kind, the process.</summary>
    public const int Reserve = 5_000;

    /// <summary>Clearing a table takes as long as it ever was.</summary>
    private const int MostReused = 64;

    private readonly Dictionary<(string, string), SessionCounters> _counted = [];
    private readonly List<ServiceRow> _services = [];
    private readonly List<BackendRow> _backends = [];
    private readonly List<UpstreamRow> _upstreams = [];
    private readonly List<VipRow> _vips = [];
    private readonly List<CertificateRow> _certificates = [];

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

        foreach (var one in state.Certificates.Values.OrderBy(one => one.Observed.Name, StringComparer.Ordinal))
        {
            _certificates.Add(new([new("certificate", one.Observed.Name)], one));
        }

        // Who comes last gives way first.
        var budget = new SeriesBudget(state.Inputs.Snapshot.Metrics.MaxSeries - Reserve);
        Vips = budget.Take("vip", _vips, costs.OfVip);
        Certificates = budget.Take("certificate", _certificates, costs.OfCertificate);
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

    public IReadOnlyList<CertificateRow> Certificates { get; }

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
                _services.Add(new([new("service", service.Name)], false, true, true, HasTls(service), service));
                foreach (var backend in service.Backends)
                {
                    AddFading(service.Name, backend, true);
                }
            }
        }
    }

    private void Add(DerivedState state, DerivedService derived, ObservedService observed)
    {
        var name = derived.Service.Name;
        var (streams, datagrams) = (false, false);
        foreach (var listener in derived.Plane!.Listeners)
        {
            var isDatagram = listener.Listener.HearsDatagrams;
            (streams, datagrams) = (streams || !isDatagram, datagrams || isDatagram || DropsMessages(listener));
        }

        var counted = _counted.Count == 0 && observed.Backends.Count < MostReused ? _counted : [];
        foreach (var backend in observed.Backends)
        {
            counted[(backend.Upstream, backend.Id)] = backend.Counters;
        }

        var healthy = !derived.Leaving;
        string? last = null;
        var seen = derived.Plane.Listeners.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var view in state.UpstreamsOf(derived))
        {
            healthy &= view.Serves;
            if (view.Plane.Name != last && seen?.Add(view.Plane.Name) != false)
            {
                last = view.Plane.Name;
                Add(name, view, counted, datagrams);
            }
        }

        foreach (var ((upstream, id), counters) in counted)
        {
            AddFading(name, new(upstream, id, counters), datagrams);
        }

        counted.Clear();
        var endsTls = derived.Service.Tls is not null;
        _services.Add(new([new("service", name)], healthy, streams, datagrams, endsTls, observed));
    }

    // What is gone from the configuration is known by what it did.
    private static bool HasTls(ObservedService service) =>
        service.Counters.TlsHandshakes + service.Counters.TlsFailures + service.Counters.TlsHandshakeTimeouts > 0;

    // Of connections only those can have one that is too long.
    private static bool DropsMessages(PlaneListener listener) =>
        listener.Listener.Protocol == ListenerProtocol.UnixSeqpacket
        || listener.Destinations.Any(destination => IsOfMessages(destination.Upstream));

    private static bool IsOfMessages(PlaneUpstream upstream) =>
        IsOfMessages(upstream.Connect.Protocol)
        || upstream.Backends.Any(backend => backend.Connect is { } own && IsOfMessages(own.Protocol));

    private static bool IsOfMessages(ConnectProtocol? protocol) =>
        protocol is ConnectProtocol.Udp or ConnectProtocol.UnixDatagram or ConnectProtocol.UnixSeqpacket;

    // Takes what it finds out of what was counted.
    private void Add(
        string service,
        DerivedUpstream view,
        Dictionary<(string, string), SessionCounters> counted,
        bool datagrams
    )
    {
        for (var i = 0; i < view.Plane.Backends.Count; i++)
        {
            var backend = view.Plane.Backends[i];
            counted.Remove((view.Plane.Name, backend.Id), out var counters);
            Add(service, view.Plane.Name, backend, view.Facts[i].Verdict, datagrams, counters);
        }
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

    private void AddFading(string service, ObservedBackend backend, bool datagrams) =>
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
