using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Routing;

/// <summary>What the routes of a service may come to, wherever they go on.</summary>
public static class RouteWalk
{
    /// <summary>Its own routes, and those of all lists that they lead to: each once.</summary>
    public static IReadOnlyList<Route> RoutesOf(Snapshot snapshot, Service service)
    {
        var found = new List<Route>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Items<Route>>([service.Routes]);
        while (open.TryPop(out var routes))
        {
            foreach (var route in routes)
            {
                found.Add(route);
                if (
                    route.Action is Goto other
                    && seen.Add(other.RouteList)
                    && snapshot.RouteLists.TryGet(other.RouteList, out var list)
                )
                {
                    open.Push(list.Routes);
                }
            }
        }

        return found;
    }

    /// <summary>The names of the upstreams that its sessions may go to, whether they are there or not.</summary>
    public static IEnumerable<string> UpstreamsOf(Snapshot snapshot, Service service) =>
        RoutesOf(snapshot, service)
            .Select(route => (route.Action as ToUpstream)?.Upstream)
            .Append(service.Upstream)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
}
