using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// What the language can say but this version cannot carry out. Running a file that asks for it is refused:
/// a rule that is read and not kept (who may connect, who must be verified) would be worse than an error.
/// </summary>
public static class Capabilities
{
    /// <summary>Of a connection, to other backends: what the proxy plane has room for.</summary>
    private const int MaxRetries = 7;

    /// <summary>All that keeps a snapshot from being run as this node.</summary>
    public static IReadOnlyList<Finding> WhyNotRun(Snapshot snapshot, string node)
    {
        var findings = new Findings();
        using (findings.In("nodes"))
        {
            if (snapshot.Nodes.Count > 0 && snapshot.Nodes.Find(node) is null)
            {
                var names = string.Join(", ", snapshot.Nodes.Select(item => item.Name));
                findings.Error($"there is no node '{node}'", $"one of {names}: say which with --node NAME");
            }

            if (snapshot.Nodes.Find(node) is { Enabled: false })
            {
                using var name = findings.In(node);
                using var field = findings.In("enabled");
                findings.Error("this node takes no part", "true");
            }
        }

        return findings.All.Count > 0 ? findings.All : Missing(snapshot);
    }

    public static IReadOnlyList<Finding> Missing(Snapshot snapshot)
    {
        var findings = new Findings();
        Section(findings, "announcements", snapshot.Announcements.Count);
        Section(findings, "peers", snapshot.Peers.Count);
        Section(findings, "pools", snapshot.Pools.Count);
        Section(findings, "registries", snapshot.Registries.Count);
        using (findings.In("defaults"))
        {
            OfPolicy(findings, snapshot.Defaults.Policy);
            OfConnect(findings, snapshot.Defaults.Connect);
            OfSessions(findings, snapshot.Defaults.Sessions);
        }

        OfUpstreams(findings, snapshot);
        OfServices(findings, snapshot);
        OfStages(findings, snapshot);
        using (findings.In("route-lists"))
        {
            foreach (var list in snapshot.RouteLists)
            {
                using var at = findings.In(list.Name);
                OfRoutes(findings, list.Routes);
            }
        }

        return findings.All;
    }

    private static void OfStages(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("stages");
        foreach (var stage in snapshot.Stages)
        {
            using var at = findings.In(stage.Name);
            if (stage.Spec is SimpleStage { Kind: BuiltInStage.JsonEncap or BuiltInStage.JsonDecap })
            {
                Report(findings, "a stage of this kind");
            }

            var upstream = stage.Spec switch
            {
                TeeStage tee => tee.Upstream,
                UpstreamStage through => through.Upstream,
                _ => null,
            };
            if (upstream is not null && snapshot.Upstreams.Find(upstream) is { } behind)
            {
                OfStageUpstream(findings, snapshot, behind);
            }
        }
    }

    private static void OfStageUpstream(Findings findings, Snapshot snapshot, Upstream upstream)
    {
        if (upstream.BySni is not null)
        {
            Report(findings, $"a stage that leads to upstream '{upstream.Name}', which chooses by-sni,");
        }

        if (TlsCapabilities.IsSecured(upstream, snapshot.Defaults.Connect))
        {
            Report(findings, $"a stage that leads to TLS, as upstream '{upstream.Name}' has it,");
        }

        foreach (var protocol in DatagramCapabilities.ProtocolsOf(upstream, snapshot.Defaults.Connect).Distinct())
        {
            if (protocol is not (null or ConnectProtocol.Same or ConnectProtocol.Tcp or ConnectProtocol.Unix))
            {
                Report(findings, $"a stage that leads to what is no stream, as upstream '{upstream.Name}' has it,");
            }
        }
    }

    private static void OfRoutes(Findings findings, Items<Route> routes)
    {
        using var list = findings.In("routes");
        for (var i = 0; i < routes.Count; i++)
        {
            using var at = findings.At(i);
            if (routes[i].Retry is { } retry)
            {
                using var field = findings.In("retry");
                OfRetry(findings, retry);
                // Retries are bounded for the sake of those who get them, by whatever route they come.
                Field(findings, "budget", retry.Budget is not null);
            }

            OfMatch(findings, routes[i].Match);
        }
    }

    // A key that cannot be judged would take a route for everybody, or for nobody.
    private static void OfMatch(Findings findings, Match? match)
    {
        if (match is null)
        {
            return;
        }

        using var at = findings.In("match");
        Field(findings, "host", !match.Host.IsEmpty);
        Field(findings, "path", !match.Path.IsEmpty);
        Field(findings, "method", !match.Method.IsEmpty);
        foreach (var one in match.Any)
        {
            OfMatch(findings, one);
        }

        OfMatch(findings, match.Not);
    }

    private static void OfUpstreams(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("upstreams");
        foreach (var upstream in snapshot.Upstreams)
        {
            using var at = findings.In(upstream.Name);
            Field(findings, "discover", upstream.Discover is not null);
            Field(findings, "broadcast-by", upstream.BroadcastBy is not null);
            OfPolicy(findings, upstream.Policy);
            OfConnect(findings, upstream.Connect);
            TlsCapabilities.Check(findings, upstream, snapshot.Defaults.Connect);
            using var list = findings.In("backends");
            for (var i = 0; i < upstream.Backends.Count; i++)
            {
                var backend = upstream.Backends[i];
                if (backend.Connect is not null)
                {
                    using var index = findings.At(i);
                    OfConnect(findings, backend.Connect);
                    OfBackendConnect(findings, backend.Connect);
                }
            }
        }
    }

    // How long to try, how often and who waits is said for all backends of an upstream.
    private static void OfBackendConnect(Findings findings, ConnectOptions connect)
    {
        using var at = findings.In("connect");
        Field(findings, "timeout", connect.Timeout is not null);
        Field(findings, "retry", connect.Retry is not null);
        Field(findings, "queue", connect.Queue is not null);
    }

    private static void OfServices(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            using var at = findings.In(service.Name);
            if (KernelCapabilities.IsForwarded(snapshot, service))
            {
                KernelCapabilities.Check(findings, snapshot, service);
                OfKernelService(findings, service);
                continue;
            }

            OfRoutes(findings, service.Routes);
            if (service.Listeners.Any(listener => listener.Protocol == ListenerProtocol.UnixSeqpacket))
            {
                OfDatagramClient(findings, service.Client);
            }

            OfMessageUpstreams(findings, snapshot, service);
            if (service.Listeners.Any(listener => listener.HearsDatagrams))
            {
                DatagramCapabilities.Check(findings, snapshot, service);
            }

            TlsCapabilities.Check(findings, snapshot, service);
            Field(findings, "address-from", service.AddressFrom is not null);
            Field(findings, "register", !service.Register.IsEmpty);
            Field(findings, "grants", !service.Grants.IsEmpty);
            OfSessions(findings, service.Sessions);
            OfPolicy(findings, service.Policy);
            using var list = findings.In("listen");
            for (var i = 0; i < service.Listeners.Count; i++)
            {
                OfListener(findings, service.Listeners[i], i);
            }
        }
    }

    private static void OfKernelService(Findings findings, Service service)
    {
        Field(findings, "address-from", service.AddressFrom is not null);
        Field(findings, "register", !service.Register.IsEmpty);
        Field(findings, "grants", !service.Grants.IsEmpty);
        OfPolicy(findings, service.Policy);
    }

    private static void OfListener(Findings findings, Listener listener, int index)
    {
        using var at = findings.At(index);
        if (!IsCarried(listener.Protocol))
        {
            Report(findings, $"{listener}: listeners other than tcp, tls, udp, unix, unix-datagram and unix-seqpacket");
        }

        OfPolicy(findings, listener.Policy);
    }

    private static bool IsCarried(ListenerProtocol protocol) =>
        protocol
            is ListenerProtocol.Tcp
                or ListenerProtocol.Tls
                or ListenerProtocol.Udp
                or ListenerProtocol.Unix
                or ListenerProtocol.UnixDatagram
                or ListenerProtocol.UnixSeqpacket;

    private static void OfPolicy(Findings findings, Policy policy)
    {
        if (ReferenceEquals(policy, Policy.Unset))
        {
            return;
        }

        if (policy.Balance is { Hash: HashKey.Field })
        {
            Field(findings, "balance", true);
        }

        using var list = findings.In("checks");
        for (var i = 0; i < policy.Checks.Count; i++)
        {
            if (policy.Checks[i] is { Probe: IcmpProbe, Via: CheckVia.Forwarding })
            {
                using var at = findings.At(i);
                Report(findings, "an echo request through a plane (this node itself would answer for its vip)");
            }
        }
    }

    private static void OfConnect(Findings findings, ConnectOptions? connect)
    {
        if (connect is null)
        {
            return;
        }

        using var at = findings.In("connect");
        Field(findings, "protocol", connect.Protocol is { } protocol && !IsCarried(protocol));
        Field(findings, "path", connect.Path is not null);
        if (connect.Retry is { } retry)
        {
            using var field = findings.In("retry");
            OfRetry(findings, retry);
        }
    }

    private static void OfRetry(Findings findings, Retry retry)
    {
        if (retry.Attempts > MaxRetries)
        {
            using var attempts = findings.In("attempts");
            Report(findings, $"more than {MaxRetries} further attempts");
        }

        Field(findings, "on", retry.On.Contains(RetryReason.Disconnect));
    }

    private static bool IsCarried(ConnectProtocol protocol) =>
        protocol
            is ConnectProtocol.Same
                or ConnectProtocol.Tcp
                or ConnectProtocol.Udp
                or ConnectProtocol.Unix
                or ConnectProtocol.UnixDatagram
                or ConnectProtocol.UnixSeqpacket
                or ConnectProtocol.Pipe
                or ConnectProtocol.Exec;

    internal static void OfDatagramClient(Findings findings, ClientRules client)
    {
        using var at = findings.In("client");
        Field(findings, "proxy-protocol", client.ProxyProtocol != ProxyProtocolAcceptance.Off);
    }

    // As a message of its own it would be taken for one of the client's.
    private static void OfMessageUpstreams(Findings findings, Snapshot snapshot, Service service)
    {
        foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
        {
            if (snapshot.Upstreams.Find(name) is { } upstream && TellsHeaderToMessages(snapshot, upstream))
            {
                Report(findings, $"a PROXY header to what takes messages, as upstream '{name}' has it,");
            }
        }
    }

    private static bool TellsHeaderToMessages(Snapshot snapshot, Upstream upstream)
    {
        var shared = upstream.Connect?.Over(snapshot.Defaults.Connect) ?? snapshot.Defaults.Connect;
        return IsOfMessages(shared) || upstream.Backends.Any(backend => IsOfMessages(backend.Connect?.Over(shared)));

        static bool IsOfMessages(ConnectOptions? connect) =>
            connect?.Protocol is ConnectProtocol.Udp or ConnectProtocol.UnixDatagram or ConnectProtocol.UnixSeqpacket
            && TellsHeader(connect, null);
    }

    internal static bool TellsHeader(ConnectOptions? connect, ConnectOptions? farther) =>
        (connect?.ProxyProtocol ?? farther?.ProxyProtocol) is { Version: not ProxyProtocolVersion.Off };

    private static void OfSessions(Findings findings, SessionOptions? sessions)
    {
        if (sessions is null)
        {
            return;
        }

        using var at = findings.In("sessions");
        Field(findings, "one-packet", sessions.OnePacket);
        Field(findings, "track", sessions.Track > TimeSpan.Zero);
    }

    private static void Section(Findings findings, string key, int count) => Field(findings, key, count > 0);

    private static void Field(Findings findings, string key, bool asked)
    {
        if (asked)
        {
            using var at = findings.In(key);
            Report(findings, $"'{key}'");
        }
    }

    internal static void Report(Findings findings, string what) =>
        findings.Error($"{what} cannot be carried out by this version yet");
}
