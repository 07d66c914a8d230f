using Fulcrum.Balancing.Hashing;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Engine.Selecting;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Plane;

/// <summary>Makes what a table says of a listener ready for the loops.</summary>
internal sealed class PlanBuilder(BackendShelf securing)
{
    private static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DatagramIdleTimeout = TimeSpan.FromSeconds(30);

    public ListenerPlan Build(
        PlaneService service,
        PlaneListener listener,
        ServiceState state,
        ServiceTables tables,
        Dictionary<BackendKey, BackendEntry> backends,
        ListenerTls? tls
    )
    {
        var idle =
            service.Sessions.IdleTimeout
            ?? (listener.Listener.HearsDatagrams ? DatagramIdleTimeout : StreamIdleTimeout);
        var routes = listener.Routes.IsEmpty ? null : new RouteTable(listener.Routes);
        return new ListenerPlan
        {
            Service = state,
            Destinations =
            [
                .. listener.Destinations.Select(destination =>
                    Build(service, listener, destination, state, tables, backends)
                ),
            ],
            Tuning =
                listener.Listener is { Transparent: false } tuned && tuned.Socket == SocketTuning.Unset
                    ? TuningPlan.Plain
                    : new(listener.Listener.Socket, listener.Listener.Transparent),
            IsTransparent = listener.Listener.Transparent,
            Reach = listener.Listener.IsWide ? Reach.Of(listener.Listener) : null,
            KeepsMessages = MeansOf(listener.Listener) == ConnectMeans.Messages,
            Routes = routes,
            Tls = tls,
            Preface = PrefaceOf(
                service.Client,
                tls is not null
                    || routes is { AsksForHello: true }
                    || listener.Destinations.Any(one => TellsMore(one) || one.Upstream.BySni is not null)
            ),
            NeedsMetadata =
                routes is { AsksForFields: true }
                || listener.Destinations.Any(TellsMore)
                || (service.Client.ProxyProtocol != ProxyProtocolAcceptance.Off && listener.Destinations.Any(TellsId)),
            Access = new AccessRules(service.Client),
            Sources = tables.Sources,
            MaxConnections = service.Client.MaxConnections ?? int.MaxValue,
            IdleTimeout = (long)idle.TotalMilliseconds,
            Listener = listener.Listener.ToString(),
            Log = service.AccessLog,
            MaxUdpSessions = service.Sessions.MaxUdpSessions,
            // Where no answer is waited for, nothing but the datagram itself could end a session.
            UdpRequests =
                service.Sessions.UdpRequests ?? (service.Sessions.UdpResponses == 0 ? 1 : ListenerPlan.Unlimited),
            UdpResponses = service.Sessions.UdpResponses ?? ListenerPlan.Unlimited,
            Peer = listener.Listener.Peer is { } peer ? SocketAddress.From(peer) : default,
        };
    }

    /// <summary>Some backend is to be told what the client said.</summary>
    private static bool TellsMore(PlaneDestination destination) =>
        Tells(destination, ProxyHeaderField.Authority) || Tells(destination, ProxyHeaderField.Alpn);

    /// <summary>Some backend is to be told what the session is called, perhaps by a proxy in front.</summary>
    private static bool TellsId(PlaneDestination destination) => Tells(destination, ProxyHeaderField.UniqueId);

    private static bool Tells(PlaneDestination destination, ProxyHeaderField field) =>
        Tells(destination.Upstream.Connect, field)
        || destination.Upstream.Backends.Any(backend => backend.Connect is { } own && Tells(own, field));

    private static HashSet<ServiceBackend> MembersOf(
        PlaneUpstream upstream,
        Dictionary<BackendKey, BackendEntry> backends
    ) =>
        [
            .. upstream
                .Backends.Select(backend => BackendKey.Of(upstream.Name, backend))
                .OfType<BackendKey>()
                .Select(key => backends[key].State),
        ];

    private static bool Tells(ConnectOptions connect, ProxyHeaderField field) =>
        connect.ProxyProtocol is { } header && header.Fields.Contains(field);

    private static PrefacePlan? PrefaceOf(ClientRules client, bool asksForHello) =>
        client.ProxyProtocol == ProxyProtocolAcceptance.Off && !asksForHello
            ? null
            : new PrefacePlan
            {
                Acceptance = client.ProxyProtocol,
                Trusted = new AccessRules(new() { Allow = client.ProxyProtocolFrom }),
                AsksForHello = asksForHello,
                Timeout = (long)client.PrefaceTimeout.TotalMilliseconds,
            };

    private DestinationPlan Build(
        PlaneService service,
        PlaneListener listener,
        PlaneDestination destination,
        ServiceState state,
        ServiceTables tables,
        Dictionary<BackendKey, BackendEntry> backends,
        NameGroup? group = null
    )
    {
        var upstream = group?.Upstream ?? destination.Upstream;
        var selection = Selection.Of(upstream, destination.Balance);
        var candidates = selection.Candidates.Select(backend =>
            backends[BackendKey.Of(upstream.Name, backend)!.Value].State
        );
        var same = MeansOf(listener.Listener);
        var plain =
            upstream.Connect == ConnectOptions.Unset && same == ConnectMeans.Stream
                ? ConnectPlan.Plain
                : new ConnectPlan(upstream.Connect, same);
        return new DestinationPlan
        {
            Upstream = upstream.Name,
            ByName =
                group is null && NameChoice.Of(upstream) is { } choice
                    ? new(choice, some => Build(service, listener, destination, state, tables, backends, some))
                    : null,
            Group = group?.Key,
            Members = group is null ? null : MembersOf(upstream, backends),
            MemoryGroup = group is null or { Key: "" } ? default : new UInt128(StableHash.Of(group.Key), 0),
            Balancer = selection.Balancer,
            Candidates = [.. candidates],
            Connect = plain,
            OwnConnects = upstream
                .Backends.Where(backend => backend.HasPlace && HasOwn(backend, backend.Connect ?? upstream.Connect))
                .ToDictionary(
                    backend => backends[BackendKey.Of(upstream.Name, backend)!.Value].State,
                    backend => ConnectOf(backend, backend.Connect ?? upstream.Connect, same)
                ),
            Hash = destination.Balance.Hash,
            Memory = tables.MemoryOf(service, listener, destination),
            Room = upstream.Queue is null ? null : state.RoomFor(upstream.Name),
            QueueSize = upstream.Queue?.Size ?? 0,
            QueueTimeout = DestinationPlan.ToMilliseconds(upstream.Queue?.Timeout ?? TimeSpan.Zero),
            RetryWait = DestinationPlan.ToMilliseconds(upstream.RetryWait),
            Budget = upstream.RetryBudget,
            Attempts = Math.Clamp(upstream.ConnectRetries + 1, 1, DestinationPlan.MaxAttempts),
            EjectAfter = upstream.EjectAfter ?? 0,
            ConnectTimeout = Math.Max(1, DestinationPlan.ToMilliseconds(upstream.ConnectTimeout)),
        };
    }

    /// <summary>What would lead to a backend that is spoken to as the listener's clients speak.</summary>
    private static ConnectMeans MeansOf(Listener listener) =>
        listener.HearsDatagrams ? ConnectMeans.Datagrams
        : listener.Protocol == ListenerProtocol.UnixSeqpacket ? ConnectMeans.Messages
        : ConnectMeans.Stream;

    // A name of its own to be verified is something of its own.
    private static bool HasOwn(PlaneBackend backend, ConnectOptions connect) =>
        backend.Connect is not null || connect.Tls is not null;

    private ConnectPlan ConnectOf(PlaneBackend backend, ConnectOptions connect, ConnectMeans same) =>
        new(connect, same) { Tls = connect.Tls is { } tls ? securing.For(tls, backend) : null };
}
