using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

/// <summary>Where the sessions of a service may come to.</summary>
internal static class Reaches
{
    /// <summary>Names of upstreams, each once, whether there are such or not.</summary>
    public static IEnumerable<string> Of(Snapshot snapshot, Service service)
    {
        var (found, seen) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        if (service.Upstream is { } own)
        {
            found.Add(own);
        }

        Follow(service.Routes);
        return found;

        void Follow(Items<Route> routes)
        {
            foreach (var route in routes)
            {
                if (route.Action is ToUpstream to)
                {
                    found.Add(to.Upstream);
                }
                else if (
                    route.Action is Goto other
                    && seen.Add(other.RouteList)
                    && snapshot.RouteLists.TryGet(other.RouteList, out var list)
                )
                {
                    Follow(list.Routes);
                }
            }
        }
    }
}
