using Fulcrum.Model.Routing;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

internal static class RouteRules
{
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

            CheckCircles(findings, snapshot);
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
    private static void CheckCircles(Findings findings, Snapshot snapshot)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new List<string>();
        foreach (var list in snapshot.RouteLists)
        {
            Visit(list);
        }

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
}
