using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;

namespace Fulcrum.Engine.Deriving;

/// <summary>What this version cannot carry out where clients send datagrams, wherever their routes lead.</summary>
internal static class DatagramCapabilities
{
    public static void Check(Findings findings, Snapshot snapshot, Service service)
    {
        CheckStages(findings, snapshot, service);
        CheckRoutes(findings, snapshot, service);
        Capabilities.OfDatagramClient(findings, service.Client);
        CheckUpstreams(findings, snapshot, service);
    }

    // Whatever waits for an answer, or for room, has no place where nobody waits.
    private static void CheckStages(Findings findings, Snapshot snapshot, Service service)
    {
        var routes = RouteWalk.RoutesOf(snapshot, service);
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
                && ProtocolsOf(upstream, snapshot.Defaults.Connect).Any(one => one?.IsConnection() == true)
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

    private static void CheckRoutes(Findings findings, Snapshot snapshot, Service service)
    {
        using (findings.In("routes"))
        {
            for (var i = 0; i < service.Routes.Count; i++)
            {
                using var at = findings.At(i);
                CheckRoute(findings, service.Routes[i]);
            }
        }

        foreach (var route in RouteWalk.RoutesOf(snapshot, service).Skip(service.Routes.Count))
        {
            CheckRoute(findings, route);
        }
    }

    // Nothing of a hello is read of datagrams: a name that nobody can have would match nobody, or everybody who has none.
    private static void CheckRoute(Findings findings, Route route)
    {
        if (route.Retry is not null)
        {
            using var at = findings.In("retry");
            Capabilities.Report(findings, "'retry' of a route of datagrams");
        }

        if (route.Match is { } match && AsksForHello(match))
        {
            using var at = findings.In("match");
            Capabilities.Report(findings, "a match by sni or alpn of datagrams");
        }
    }

    private static bool AsksForHello(Match match) =>
        !match.Sni.IsEmpty
        || !match.Alpn.IsEmpty
        || match.Any.Any(AsksForHello)
        || match.Not is { } not && AsksForHello(not);

    /// <summary>What the backends are spoken to by, and any other that may come.</summary>
    public static IEnumerable<ConnectProtocol?> ProtocolsOf(Upstream upstream, ConnectOptions? defaults) =>
        upstream
            .Backends.Select(backend => backend.Connect?.Protocol)
            .Append(null)
            .Select(own => own ?? upstream.Connect?.Protocol ?? defaults?.Protocol);

    private static void CheckUpstreams(Findings findings, Snapshot snapshot, Service service)
    {
        foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
        {
            if (snapshot.Upstreams.Find(name) is not { } upstream)
            {
                continue;
            }

            // Backends that wait for a header would take the client's data for one.
            if (
                Capabilities.TellsHeader(upstream.Connect, snapshot.Defaults.Connect)
                || upstream.Backends.Any(backend => Capabilities.TellsHeader(backend.Connect, null))
            )
            {
                Capabilities.Report(findings, $"a PROXY header over UDP, as upstream '{name}' has it,");
            }

            if (upstream.BySni is not null)
            {
                Capabilities.Report(findings, $"by-sni over UDP, as upstream '{name}' has it,");
            }

            if (
                ProtocolsOf(upstream, snapshot.Defaults.Connect)
                    .Any(one => one is ConnectProtocol.Pipe or ConnectProtocol.Exec)
            )
            {
                Capabilities.Report(findings, $"datagrams for what takes none, as upstream '{name}' has it,");
            }
        }
    }
}
