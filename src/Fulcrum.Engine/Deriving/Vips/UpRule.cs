using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>What the services on a vip make of it.</summary>
internal static class UpRule
{
    /// <summary>
    /// Healthy: it may be raised. Unknown: what stands may stay, but nothing new comes. Unhealthy: it is withdrawn.
    /// </summary>
    public static (Verdict Verdict, Reason Reason) Of(UpWhen upWhen, IReadOnlyList<DerivedService> services)
    {
        if (upWhen == UpWhen.Always)
        {
            return (Verdict.Healthy, new UpAlways());
        }

        if (services.Count == 0)
        {
            return (Verdict.Unhealthy, new NoServices(upWhen));
        }

        // Any: the best of them decides. All: the worst does.
        Verdict[] order =
            upWhen == UpWhen.Any
                ? [Verdict.Healthy, Verdict.Unknown, Verdict.Unhealthy]
                : [Verdict.Unhealthy, Verdict.Unknown, Verdict.Healthy];
        var verdict = order.First(verdict => services.Any(service => VerdictOf(service) == verdict));
        var deciding = services.Where(service => VerdictOf(service) == verdict).ToList();
        return (verdict, new OfServices(upWhen, deciding[0].Service.Name, verdict, deciding.Count - 1));
    }

    /// <summary>The service that some plane must carry before clients are led here; null: enough are carried.</summary>
    public static DerivedService? AwaitedOf(
        UpWhen upWhen,
        IReadOnlyList<DerivedService> services,
        Map<PlaneKind, PlaneTable> planes
    )
    {
        // Whatever is up by declaration waits only for what is on its way to a plane.
        var needed = services
            .Where(service =>
                upWhen == UpWhen.Always
                    ? service is { Carrier: not null, Leaving: false }
                    : VerdictOf(service) == Verdict.Healthy
            )
            .ToList();
        var awaited = needed.Find(service => !IsCarried(service, planes));
        return upWhen != UpWhen.All && needed.Exists(service => IsCarried(service, planes)) ? null : awaited;
    }

    /// <summary>On its way out it serves nobody new, whatever its backends say.</summary>
    private static Verdict VerdictOf(DerivedService service) => service.Leaving ? Verdict.Unhealthy : service.Verdict;

    /// <summary>Where others forward, there is nothing to wait for.</summary>
    private static bool IsCarried(DerivedService service, Map<PlaneKind, PlaneTable> planes) =>
        service.Carrier is not { } carrier || planes[carrier]?.Services.ContainsKey(service.Service.Name) == true;
}
