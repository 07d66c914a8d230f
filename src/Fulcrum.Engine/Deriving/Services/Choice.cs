using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>
/// Which plane carries a service: the one that the file names, else the first that can. A choice once made stays
/// while that plane can, so that nothing moves behind the operator's back.
/// </summary>
internal static class Choice
{
    /// <summary>Null: none can, or none is to.</summary>
    public static PlaneKind? Of(EngineInputs inputs, Service service, Items<UpstreamView> views, DerivedService? before)
    {
        if (views.IsEmpty)
        {
            return null;
        }

        PlaneKind? first = null;
        foreach (var plane in inputs.Planes)
        {
            if (IsNamed(service, plane) && WhyNot(plane, inputs.Snapshot, service, views) is null)
            {
                if (plane.Kind == before?.Carrier)
                {
                    return plane.Kind;
                }

                first ??= plane.Kind;
            }
        }

        return first;
    }

    /// <summary>Why a plane cannot carry it; null: it can.</summary>
    private static string? WhyNot(PlaneOffer plane, Snapshot snapshot, Service service, Items<UpstreamView> views)
    {
        foreach (var view in views)
        {
            var (balance, persist) = (view.Policy.Balance ?? plane.UsualBalance, view.Policy.Persist);
            var why =
                !plane.Forwardings.Contains(ForwardingOf(view)) ? $"it does not carry {Words.Of(ForwardingOf(view))}"
                : plane.Unavailable is { } reason ? reason
                : !plane.Algorithms.Contains(balance.Algorithm)
                    ? $"it does not balance by {Words.Of(balance.Algorithm)}"
                : persist is not null && !plane.Identities.Contains(persist.By)
                    ? $"it does not know clients by {Words.Of(persist.By)}"
                : KernelCapabilities.IsKernels(view.Policy.Forward) ? KernelWishes.Lack(plane, snapshot, service, view)
                : null;
            if (why is not null)
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>Planes that the service would have had before the one that it has, and why not.</summary>
    public static IEnumerable<PlaneRefusal> PassedOver(EngineInputs inputs, DerivedService derived) =>
        Refusals(
            inputs with
            {
                Planes = Items.From(inputs.Planes.TakeWhile(plane => plane.Kind != derived.Carrier)),
            },
            derived.Service,
            derived.Views.All
        );

    /// <summary>Of each plane that the service may have, and that does what it asks at all, why not.</summary>
    private static Items<PlaneRefusal> Refusals(EngineInputs inputs, Service service, Items<UpstreamView> views) =>
        Items.From(
            inputs
                .Planes.Where(plane => IsNamed(service, plane))
                .Where(plane => views.All(view => plane.Forwardings.Contains(ForwardingOf(view))))
                .Select(plane => (plane.Kind, Why: WhyNot(plane, inputs.Snapshot, service, views)))
                .Where(refusal => refusal.Why is not null)
                .Select(refusal => new PlaneRefusal(Words.Of(refusal.Kind), refusal.Why!))
        );

    private static bool IsNamed(Service service, PlaneOffer plane) =>
        service.Plane is PlaneKind.Auto || service.Plane == plane.Kind;

    /// <summary>Why nobody carries it.</summary>
    public static NoPlane None(EngineInputs inputs, Service service, Items<UpstreamView> views) =>
        new(
            string.Join(", ", views.Select(view => Words.Of(ForwardingOf(view))).Distinct()),
            service.Plane is PlaneKind.Auto ? null : Words.Of(service.Plane),
            Refusals(inputs, service, views)
        );

    private static Forwarding ForwardingOf(UpstreamView view) => view.Policy.Forward ?? Forwarding.Proxy;
}
