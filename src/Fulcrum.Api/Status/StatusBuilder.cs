using System.Net;
using Fulcrum.Api.Overrides;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Status;

/// <summary>Puts together what was decided and what the plane observes.</summary>
internal static class StatusBuilder
{
    public static StatusDocument Build(NodeIdentity identity, Reconciler engine)
    {
        var now = Build(identity, engine.State, engine.Observe());
        return now with { Troubles = [.. TroublesOf(engine), .. now.Troubles], ConfirmBy = engine.ConfirmBy };
    }

    public static StatusDocument Build(NodeIdentity identity, DerivedState state, PlaneObservation observed)
    {
        var counters = new Dictionary<string, ObservedService>(StringComparer.Ordinal);
        foreach (var service in observed.Services)
        {
            counters[service.Name] = service;
        }

        var services = new List<ServiceStatus>(state.Services.Count);
        foreach (var service in state.Inputs.Snapshot.Services)
        {
            if (state.Services[service.Name] is { Plane: { } plane } derived)
            {
                var behind = Items.From(state.UpstreamsOf(derived));
                var its = counters.GetValueOrDefault(service.Name);
                var described = Describe(plane, !derived.Leaving, behind, its);
                services.Add(
                    service.Tls is null ? described : described with { Tls = TlsStatus.Of(its?.Counters ?? default) }
                );
            }
        }

        return new()
        {
            Node = identity.Node,
            Version = identity.Version,
            Pid = Environment.ProcessId,
            Source = identity.Source,
            Started = identity.Started,
            Generation = state.Generation,
            Services = services,
            Vips =
            [
                .. state.Inputs.Snapshot.Vips.Select(vip => state.Vips[vip.Name]).OfType<DerivedVip>().Select(Describe),
            ],
            Checks = CountChecks(state, state.Desired.Probes.Keys),
            Certificates = CertificatesStatus.Of(state.Certificates.Values),
            Overrides =
            [
                .. state
                    .Inputs.Overrides.Values.Select(OverrideDocument.Of)
                    .OrderBy(decision => decision.Target, StringComparer.Ordinal),
            ],
            Troubles = [.. TroublesOf(state)],
        };
    }

    public static ChecksStatus CountChecks(DerivedState state, IEnumerable<ProbeTask> tasks)
    {
        var counts = tasks.CountBy(task => state.Inputs.Health[task]?.Verdict ?? Verdict.Unknown);
        var byVerdict = counts.ToDictionary();
        return new(
            byVerdict.GetValueOrDefault(Verdict.Healthy),
            byVerdict.GetValueOrDefault(Verdict.Unhealthy),
            byVerdict.GetValueOrDefault(Verdict.Unknown)
        );
    }

    private static List<TroubleStatus> TroublesOf(Reconciler engine)
    {
        var troubles = new List<TroubleStatus>();
        foreach (var status in engine.Status.Where(status => status.Condition == ObjectCondition.Failing))
        {
            troubles.Add(
                new()
                {
                    Kind = status.Kind,
                    Name = status.Key,
                    Reason = status.Reason,
                    RetryAt = status.RetryAt,
                }
            );
        }

        return troubles;
    }

    // That one ends soon is no trouble yet: it is counted.
    private static IEnumerable<TroubleStatus> TroublesOf(DerivedState state) =>
        from certificate in state.Certificates.Values
        where certificate.HasProblem
        orderby certificate.Observed.Name
        select new TroubleStatus
        {
            Kind = "certificate",
            Name = certificate.Observed.Name,
            Reason = certificate.Problem ?? certificate.Reason.Text,
        };

    private static VipStatus Describe(DerivedVip vip) =>
        new()
        {
            Name = vip.Vip.Name,
            Addresses = [.. vip.Vip.Addresses.Select(address => address.ToString())],
            State = vip.State.ToString().ToLowerInvariant(),
            Reason = vip.Reason.Text,
        };

    private static ServiceStatus Describe(
        PlaneService service,
        bool isWanted,
        Items<DerivedUpstream> byListener,
        ObservedService? observed
    )
    {
        var backends = new List<BackendStatusDocument>();
        var counters = new Dictionary<(string Upstream, string Id), SessionCounters>();
        foreach (var backend in observed?.Backends ?? default)
        {
            counters[(backend.Upstream, backend.Id)] = backend.Counters;
        }

        var healthy = isWanted;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var derived in byListener)
        {
            healthy &= derived.Serves;
            if (seen.Add(derived.Plane.Name))
            {
                Describe(backends, derived, counters);
            }
        }

        return new()
        {
            Name = service.Name,
            Listen = [.. service.Listeners.Select(listener => listener.Listener.ToString())],
            Healthy = healthy,
            Counters = CountersStatus.Of(observed?.Counters ?? default),
            Waiting = observed?.Waiting ?? 0,
            Backends = backends,
        };
    }

    private static void Describe(
        List<BackendStatusDocument> backends,
        DerivedUpstream derived,
        Dictionary<(string Upstream, string Id), SessionCounters> counters
    )
    {
        var plane = derived.Plane;
        for (var i = 0; i < plane.Backends.Count; i++)
        {
            var backend = plane.Backends[i];
            var fact = derived.Facts[i];
            backends.Add(
                new()
                {
                    Upstream = plane.Name,
                    Id = backend.Id,
                    Address = AddressText(backend),
                    Weight = backend.Weight,
                    Duty = backend.Duty.ToString().ToLowerInvariant(),
                    Health = fact.Verdict.ToString().ToLowerInvariant(),
                    Reason = fact.Reason.Text,
                    Counters = CountersStatus.Of(counters.GetValueOrDefault((plane.Name, backend.Id))),
                }
            );
        }
    }

    private static string? AddressText(PlaneBackend backend) =>
        backend.Address is not { } address ? null
        : backend.Port is { } port ? new IPEndPoint(address, port).ToString()
        : address.ToString();
}
