using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// What a service may not ask whose packets the kernel forwards: there is no session in this process that a rule, a
/// route or a certificate could be applied to.
/// </summary>
internal static class KernelCapabilities
{
    public static bool IsKernels(Forwarding? forward) =>
        forward is Forwarding.Nat or Forwarding.Dsr or Forwarding.Tunnel;

    /// <summary>Some service of it may come to the plane.</summary>
    public static bool MayNeed(Snapshot snapshot, PlaneOffer plane) =>
        plane.Kind != PlaneKind.Proxy
        && snapshot.Services.Any(service => ForwardingsOf(snapshot, service).Any(forward => IsKernels(forward)));

    /// <summary>Its packets go through the kernel, by at least one way.</summary>
    public static bool IsForwarded(Snapshot snapshot, Service service) =>
        ForwardingsOf(snapshot, service).Any(forward => IsKernels(forward));

    public static void Check(Findings findings, Snapshot snapshot, Service service)
    {
        if (ForwardingsOf(snapshot, service).Distinct().Count() > 1)
        {
            Refuse(findings, "listeners of one service with different 'forward'", "a service for each");
        }

        Field(findings, "routes", !service.Routes.IsEmpty, "'forward: proxy', which reads what clients say");
        Field(
            findings,
            "client",
            service.Client with { Allow = [], Deny = [] } != ClientRules.None,
            "only 'allow' and 'deny', rules of a firewall, or 'forward: proxy'"
        );
        Field(findings, "tls", service.Tls is not null, "'forward: proxy', or TLS on the backends");
        Field(findings, "access-log", service.AccessLog is not null, "'forward: proxy'");
        OfSessions(findings, service.Sessions ?? snapshot.Defaults.Sessions);
        OfListeners(findings, service);
        foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
        {
            if (snapshot.Upstreams.Find(name) is { } upstream)
            {
                OfUpstream(findings, snapshot, upstream);
            }
        }
    }

    private static void OfListeners(Findings findings, Service service)
    {
        using var list = findings.In("listen");
        for (var i = 0; i < service.Listeners.Count; i++)
        {
            var listener = service.Listeners[i];
            using var at = findings.At(i);
            if (
                listener.Protocol
                is not (ListenerProtocol.Tcp or ListenerProtocol.Udp or ListenerProtocol.Sctp or ListenerProtocol.Mark)
            )
            {
                Refuse(findings, $"{listener}", "tcp://, udp://, sctp:// or mark://");
            }
            else if (listener.Mark is null && listener.OwnAddress is null && service.AddressFrom is null)
            {
                Refuse(findings, $"{listener} without an address of its own", "one such as tcp://192.0.2.1:80");
            }

            Field(findings, "interface", listener.Interface is not null, "a rule of a firewall, and mark://");
            Field(findings, "peer", listener.Peer is not null, "'forward: proxy'");
            Field(
                findings,
                "transparent",
                listener.Transparent,
                "'forward: dsr', where backends see the client's address"
            );
            Field(findings, "socket", listener.Socket != SocketTuning.Unset, "'forward: proxy'");
        }
    }

    private static void OfSessions(Findings findings, SessionOptions? sessions)
    {
        if (sessions is null)
        {
            return;
        }

        using var at = findings.In("sessions");
        Field(findings, "idle-timeout", sessions.IdleTimeout is not null, "'ipvs: { tcp-timeout, udp-timeout }'");
        Field(findings, "udp-requests", sessions.UdpRequests is not null, "'one-packet: true'");
        Field(findings, "udp-responses", sessions.UdpResponses is not null, "'one-packet: true'");
    }

    private static void OfUpstream(Findings findings, Snapshot snapshot, Upstream upstream)
    {
        var shared = upstream.Connect?.Over(snapshot.Defaults.Connect) ?? snapshot.Defaults.Connect;
        var asks =
            upstream.BySni is not null ? "by-sni"
            : upstream.Eject is not null ? "eject"
            : Items
                .From(upstream.Backends.Select(backend => backend.Connect?.Over(shared) ?? shared).Append(shared))
                .Select(AsksOfConnection)
                .Concat(
                    upstream
                        .Backends.Select(backend => backend.Connect)
                        .Append(upstream.Connect)
                        .Select(SaysOfConnection)
                )
                .FirstOrDefault(asked => asked is not null);
        if (asks is not null)
        {
            Refuse(
                findings,
                $"'{asks}', as upstream '{upstream.Name}' has it,",
                "'forward: proxy', or an upstream without"
            );
        }

        if (upstream.Backends.Any(backend => backend.Address.IsPath))
        {
            Refuse(findings, $"a path, as a backend of upstream '{upstream.Name}' has it,", "addresses");
        }
    }

    private static string? AsksOfConnection(ConnectOptions? connect) =>
        connect is null ? null
        : connect.Tls is not null ? "connect.tls"
        : connect.ProxyProtocol is { Version: not ProxyProtocolVersion.Off } ? "connect.proxy-protocol"
        : connect.Protocol is not (null or ConnectProtocol.Same) ? "connect.protocol"
        : connect.Transparent == true ? "connect.transparent"
        : connect.SourcePorts is not null ? "connect.source-ports"
        : connect.Framing is not null ? "connect.framing"
        : null;

    // Defaults are for all upstreams, and mean nothing where nobody connects; who writes it for this one expects it kept.
    private static string? SaysOfConnection(ConnectOptions? connect) =>
        connect is null ? null
        : connect.Retry is not null ? "connect.retry"
        : connect.Queue is not null ? "connect.queue"
        : connect.Timeout is not null ? "connect.timeout"
        : !connect.Arguments.IsEmpty ? "connect.arguments"
        : connect.Socket.KeepAlive is not null ? "connect.keep-alive"
        : connect.Socket.UserTimeout is not null ? "connect.user-timeout"
        : connect.Socket.FastOpen is not null ? "connect.fast-open"
        : connect.Socket.Mark is not null ? "connect.mark"
        : connect.Socket.Dscp is not null ? "connect.dscp"
        : null;

    private static List<Forwarding> ForwardingsOf(Snapshot snapshot, Service service)
    {
        var all = new List<Forwarding>();
        foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
        {
            if (snapshot.Upstreams.Find(name) is { } upstream)
            {
                var farther = service.Policy.Over(upstream.Policy).Over(snapshot.Defaults.Policy);
                foreach (var listener in service.Listeners)
                {
                    all.Add(listener.Policy.Over(farther).Forward ?? Forwarding.Proxy);
                }
            }
        }

        return all;
    }

    private static void Field(Findings findings, string key, bool asked, string instead)
    {
        if (asked)
        {
            using var at = findings.In(key);
            Refuse(findings, $"'{key}'", instead);
        }
    }

    private static void Refuse(Findings findings, string what, string expected) =>
        findings.Error($"{what} cannot be had where the kernel forwards (forward: nat, dsr or tunnel)", expected);
}
