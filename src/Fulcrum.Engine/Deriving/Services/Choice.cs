using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
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
    public static PlaneKind? Of(
        Items<PlaneOffer> planes,
        Service service,
        Items<UpstreamView> views,
        DerivedService? before
    )
    {
        if (views.IsEmpty)
        {
            return null;
        }

        PlaneKind? first = null;
        foreach (var plane in planes)
        {
            if (service.Plane is not PlaneKind.Auto && service.Plane != plane.Kind)
            {
                continue;
            }

            if (views.All(view => plane.Forwardings.Contains(ForwardingOf(view))))
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

    /// <summary>For people: what was looked for.</summary>
    public static string Wanted(Service service, Items<UpstreamView> views)
    {
        var forward = string.Join(", ", views.Select(ForwardingOf).Distinct()).ToLowerInvariant();
        return service.Plane is PlaneKind.Auto
            ? forward
            : $"{forward} on {service.Plane.ToString().ToLowerInvariant()}";
    }

    private static Forwarding ForwardingOf(UpstreamView view) => view.Policy.Forward ?? Forwarding.Proxy;
}
