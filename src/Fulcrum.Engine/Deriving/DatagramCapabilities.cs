using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>What this version cannot carry out where clients send datagrams, wherever their routes lead.</summary>
internal static class DatagramCapabilities
{
    public static void Check(Findings findings, Snapshot snapshot, Service service)
    {
        var routes = RoutesOf(snapshot, service);
        CheckStages(findings, snapshot, routes);
        CheckClient(findings, service.Client);
        CheckUpstreams(findings, snapshot, service, routes);
    }

    // Whatever waits for an answer, or for room, has no place where nobody waits.
    private static void CheckStages(Findings findings, Snapshot snapshot, List<Route> routes)
    {
        foreach (var name in routes.SelectMany(route => route.Ingress.Concat(route.Egress)).Distinct())
        {
            var spec = snapshot.Stages.Find(name)?.Spec;
            if (spec is UpstreamStage)
            {
                Capabilities.Report(findings, $"stage '{name}', which is for streams, on the way of datagrams");
            }
            else if (
                spec is TeeStage tee
                && snapshot.Upstreams.Find(tee.Upstream) is { } upstream
                && HasConnections(upstream, snapshot.Defaults.Connect)
            )
            {
                Capabilities.Report(
                    findings,
                    $"stage '{name}': copies of datagrams for backends that have connections, as upstream "
                        + $"'{tee.Upstream}' has them,"
                );
            }
        }
    }

    private static bool HasConnections(Upstream upstream, ConnectOptions? defaults) =>
        upstream
            .Backends.Select(backend => backend.Connect)
            .Append(null)
            .Any(own => (own?.Protocol ?? upstream.Connect?.Protocol ?? defaults?.Protocol)?.IsConnection() == true);

    private static void CheckClient(Findings findings, ClientRules client)
    {
        if (client.ProxyProtocol != ProxyProtocolAcceptance.Off)
        {
            using var at = findings.In("client");
            using var field = findings.In("proxy-protocol");
            Capabilities.Report(findings, "'proxy-protocol'");
        }
    }

    // Backends that wait for a header would take the client's data for one.
    private static void CheckUpstreams(Findings findings, Snapshot snapshot, Service service, List<Route> routes)
    {
        var names = routes.Select(route => (route.Action as ToUpstream)?.Upstream).Append(service.Upstream);
        foreach (var name in names.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (
                snapshot.Upstreams.Find(name) is { } upstream
                && (
                    TellsHeader(upstream.Connect, snapshot.Defaults.Connect)
                    || upstream.Backends.Any(backend => TellsHeader(backend.Connect, null))
                )
            )
            {
                Capabilities.Report(findings, $"a PROXY header over UDP, as upstream '{name}' has it,");
            }
        }
    }

    private static bool TellsHeader(ConnectOptions? connect, ConnectOptions? farther) =>
        (connect?.ProxyProtocol ?? farther?.ProxyProtocol) is { Version: not ProxyProtocolVersion.Off };

    private static List<Route> RoutesOf(Snapshot snapshot, Service service)
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
                    && snapshot.RouteLists.Find(other.RouteList) is { } list
                )
                {
                    open.Push(list.Routes);
                }
            }
        }

        return found;
    }
}
