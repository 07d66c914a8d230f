using Fulcrum.Model.Routing;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

internal static class RouteRules
{
    private const int MaxRoutes = 10_000;

    public static void Check(Findings findings, Snapshot snapshot)
    {
        using (findings.In("services"))
        {
            foreach (var service in snapshot.Services)
            {
                if (!service.Routes.IsEmpty)
                {
                    using var at = findings.In(service.Name);
                    CheckRoutes(findings, snapshot, service.Routes);
                }
            }
        }

        using (findings.In("route-lists"))
        {
            foreach (var list in snapshot.RouteLists)
            {
                using var at = findings.In(list.Name);
                CheckRoutes(findings, snapshot, list.Routes);
            }

            if (CheckCircles(findings, snapshot))
            {
                CheckSizes(findings, snapshot);
            }
        }

        using (findings.In("stages"))
        {
            foreach (var stage in snapshot.Stages)
            {
                using var at = findings.In(stage.Name);
                var upstream = stage.Spec switch
                {
                    TeeStage tee => tee.Upstream,
                    UpstreamStage through => through.Upstream,
                    _ => null,
                };
                References.Check(findings, snapshot.Upstreams, "upstream", upstream);
            }
        }
    }

    private static void CheckRoutes(Findings findings, Snapshot snapshot, Items<Route> routes)
    {
        using var list = findings.In("routes");
        for (var i = 0; i < routes.Count; i++)
        {
            var route = routes[i];
            using var at = findings.At(i);
            switch (route.Action)
            {
                case ToUpstream to:
                    References.Check(findings, snapshot.Upstreams, "upstream", to.Upstream);
                    break;
                case Goto other:
                    References.Check(findings, snapshot.RouteLists, "route list", other.RouteList);
                    break;
            }

            References.CheckAll(findings, snapshot.Stages, "stage", "ingress", route.Ingress);
            References.CheckAll(findings, snapshot.Stages, "stage", "egress", route.Egress);
            if (route.Match is null && i < routes.Count - 1)
            {
                findings.Warning("matches everything, so the routes after it are never taken");
            }
        }
    }

    // Depth-first with colours; the lists of one circle are named in the order they lead to each other.
    private static bool CheckCircles(Findings findings, Snapshot snapshot)
    {
        var isFree = true;
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new List<string>();
        foreach (var list in snapshot.RouteLists)
        {
            Visit(list);
        }

        return isFree;

        void Visit(RouteList list)
        {
            if (done.Contains(list.Name))
            {
                return;
            }

            var start = open.IndexOf(list.Name);
            if (start >= 0)
            {
                using var at = findings.In(list.Name);
                isFree = false;
                findings.Error($"leads in a circle: {string.Join(" → ", open.Skip(start))} → {list.Name}");
                return;
            }

            open.Add(list.Name);
            foreach (var route in list.Routes)
            {
                if (route.Action is Goto next && snapshot.RouteLists.TryGet(next.RouteList, out var target))
                {
                    Visit(target);
                }
            }

            open.RemoveAt(open.Count - 1);
            done.Add(list.Name);
        }
    }

    // Each goto is followed on its own: a few lists that lead to the next one twice would come to millions.
    private static void CheckSizes(Findings findings, Snapshot snapshot)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var list in snapshot.RouteLists)
        {
            if (SizeOf(list) > MaxRoutes)
            {
                using var at = findings.In(list.Name);
                findings.Error($"leads to more than {MaxRoutes} routes when every goto is followed");
                return;
            }
        }

        long SizeOf(RouteList list)
        {
            if (!sizes.TryGetValue(list.Name, out var size))
            {
                size = list.Routes.Sum(route =>
                    1
                    + (
                        route.Action is Goto next && snapshot.RouteLists.TryGet(next.RouteList, out var target)
                            ? SizeOf(target)
                            : 0
                    )
                );
                sizes[list.Name] = size = Math.Min(size, MaxRoutes + 1);
            }

            return size;
        }
    }
}
