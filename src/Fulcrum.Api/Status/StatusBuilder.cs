using System.Net;
using Fulcrum.Api.Overrides;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
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
            if (state.Services[service.Name] is { } derived && (derived.Plane is not null || LacksPlane(derived)))
            {
                var behind = Items.From(state.UpstreamsOf(derived));
                var its = counters.GetValueOrDefault(service.Name);
                var described = Describe(derived, behind, its);
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

    private static IEnumerable<TroubleStatus> TroublesOf(DerivedState state) =>
        ServicesInTrouble(state).Concat(CertificatesInTrouble(state));

    private static IEnumerable<TroubleStatus> ServicesInTrouble(DerivedState state) =>
        from service in state.Inputs.Snapshot.Services
        let derived = state.Services[service.Name]
        where derived is not null && LacksPlane(derived)
        orderby service.Name
        select new TroubleStatus
        {
            Kind = "service",
            Name = service.Name,
            Reason = derived.Reason.Text,
        };

    // That one ends soon is no trouble yet: it is counted.
    private static IEnumerable<TroubleStatus> CertificatesInTrouble(DerivedState state) =>
        from certificate in state.Certificates.Values
        where certificate.HasProblem
        orderby certificate.Observed.Name
        select new TroubleStatus
        {
            Kind = "certificate",
            Name = certificate.Observed.Name,
            Reason = certificate.Problem ?? certificate.Reason.Text,
        };

    /// <summary>It is wanted, and nothing carries it.</summary>
    private static bool LacksPlane(DerivedService derived) => derived is { Plane: null, Reason: NoPlane or NoNumber };

    private static VipStatus Describe(DerivedVip vip) =>
        new()
        {
            Name = vip.Vip.Name,
            Addresses = [.. vip.Vip.Addresses.Select(address => address.ToString())],
            State = vip.State.ToString().ToLowerInvariant(),
            Reason = vip.Reason.Text,
        };

    private static ServiceStatus Describe(
        DerivedService service,
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

        var healthy = service is { Plane: not null, Leaving: false };
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
            Name = service.Service.Name,
            Listen = [.. service.Service.Listeners.Select(listener => listener.ToString())],
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
