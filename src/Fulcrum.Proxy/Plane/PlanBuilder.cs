using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Engine.Selecting;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>Makes what a table says of a listener ready for the loops.</summary>
internal static class PlanBuilder
{
    private static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DatagramIdleTimeout = TimeSpan.FromSeconds(30);

    public static ListenerPlan Build(
        PlaneService service,
        PlaneListener listener,
        ServiceState state,
        Dictionary<BackendKey, BackendEntry> backends
    )
    {
        var idle =
            service.Sessions.IdleTimeout
            ?? (listener.Listener.Protocol == ListenerProtocol.Udp ? DatagramIdleTimeout : StreamIdleTimeout);
        var routes = listener.Routes.IsEmpty ? null : new RouteTable(listener.Routes);
        return new ListenerPlan
        {
            Service = state,
            Destinations = [.. listener.Destinations.Select(destination => Build(destination, backends))],
            Routes = routes,
            Preface = PrefaceOf(service.Client, routes),
            NeedsMetadata = routes is { AsksForFields: true },
            Access = new AccessRules(service.Client),
            MaxConnections = service.Client.MaxConnections ?? int.MaxValue,
            IdleTimeout = (long)idle.TotalMilliseconds,
            Listener = listener.Listener.ToString(),
            Log = service.AccessLog,
            MaxUdpSessions = service.Sessions.MaxUdpSessions,
        };
    }

    private static PrefacePlan? PrefaceOf(ClientRules client, RouteTable? routes) =>
        client.ProxyProtocol == ProxyProtocolAcceptance.Off && routes is not { AsksForHello: true }
            ? null
            : new PrefacePlan
            {
                Acceptance = client.ProxyProtocol,
                Trusted = new AccessRules(new() { Allow = client.ProxyProtocolFrom }),
                AsksForHello = routes is { AsksForHello: true },
                Timeout = (long)client.PrefaceTimeout.TotalMilliseconds,
            };

    private static DestinationPlan Build(PlaneDestination destination, Dictionary<BackendKey, BackendEntry> backends)
    {
        var upstream = destination.Upstream;
        var selection = Selection.Of(upstream, destination.Balance);
        var candidates = selection.Candidates.Select(backend =>
            backends[BackendKey.Of(upstream.Name, backend)!.Value].State
        );
        return new DestinationPlan
        {
            Upstream = upstream.Name,
            Balancer = selection.Balancer,
            Candidates = [.. candidates],
            Hash = destination.Balance.Hash,
            Attempts = Math.Clamp(upstream.ConnectRetries + 1, 1, DestinationPlan.MaxAttempts),
            EjectAfter = upstream.EjectAfter ?? 0,
            ConnectTimeout = Math.Max(1, (long)upstream.ConnectTimeout.TotalMilliseconds),
        };
    }
}
