using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model.Validation;

/// <summary>What a backend is connected to by has to fit where it is, and what clients come by.</summary>
internal static class ConnectRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using (findings.In("upstreams"))
        {
            foreach (var upstream in snapshot.Upstreams)
            {
                using var at = findings.In(upstream.Name);
                CheckPlaces(findings, snapshot, upstream);
            }
        }

        var told = new HashSet<string>(StringComparer.Ordinal);
        var known = new Dictionary<string, List<Way>>(StringComparer.Ordinal);
        foreach (var service in snapshot.Services)
        {
            foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
            {
                if (!snapshot.Upstreams.TryGet(name, out var upstream))
                {
                    continue;
                }

                CheckPaths(findings, snapshot, service, upstream);
                if (!known.TryGetValue(name, out var ways))
                {
                    known[name] = ways = WaysOf(snapshot, upstream);
                }

                foreach (var listener in service.Listeners)
                {
                    CheckBounds(findings, snapshot, service, listener, upstream, ways, told);
                }
            }
        }
    }

    private static void CheckPlaces(Findings findings, Snapshot snapshot, Upstream upstream)
    {
        using var list = findings.In("backends");
        for (var i = 0; i < upstream.Backends.Count; i++)
        {
            var backend = upstream.Backends[i];
            var protocol = ProtocolOf(snapshot, upstream, backend);
            if (WantsPath(protocol) is { } wants && wants != backend.Address.IsPath)
            {
                using var at = findings.At(i);
                findings.Error(
                    $"backend '{backend.Id}' cannot be connected to by protocol {Word(protocol)}",
                    wants
                        ? "a path, such as /run/app.sock"
                        : "an address, or a connect.protocol of unix, unix-datagram, unix-seqpacket, pipe or exec"
                );
            }
        }
    }

    // Who comes by a path has neither an address nor a port.
    private static void CheckPaths(Findings findings, Snapshot snapshot, Service service, Upstream upstream)
    {
        for (var i = 0; i < service.Listeners.Count; i++)
        {
            var listener = service.Listeners[i];
            if (listener.Path is null)
            {
                continue;
            }

            using var kind = findings.In("services");
            using var at = findings.In(service.Name);
            using var list = findings.In("listen");
            using var index = findings.At(i);
            foreach (var backend in upstream.Backends)
            {
                var connect = backend.Connect?.Over(upstream.Connect) ?? upstream.Connect;
                var what =
                    (connect?.Transparent ?? snapshot.Defaults.Connect?.Transparent) is true
                        ? "is connected to from the client's own address"
                    : backend.Port is null && !backend.Address.IsPath ? "has the port that the client used"
                    : null;
                if (what is not null)
                {
                    findings.Error(
                        $"backend '{backend.Id}' of upstream '{upstream.Name}' {what}, and a client of {listener} has none",
                        "a backend with a port of its own, and no 'transparent'"
                    );
                    return;
                }
            }
        }
    }

    private static void CheckBounds(
        Findings findings,
        Snapshot snapshot,
        Service service,
        Listener listener,
        Upstream upstream,
        List<Way> ways,
        HashSet<string> told
    )
    {
        if (ServiceRules.EffectiveForward(snapshot, service, listener) != Forwarding.Proxy)
        {
            return;
        }

        foreach (var way in ways)
        {
            if (
                way.Framing is not Framing.Length
                && KeepsBounds(way, listener.Protocol) is { } keeps
                && KeepsBounds(listener) == !keeps
                && told.Add(upstream.Name)
            )
            {
                Warn(findings, listener, upstream, way.FirstBackend);
            }
        }
    }

    /// <summary>Of many backends, most are connected to alike.</summary>
    private static List<Way> WaysOf(Snapshot snapshot, Upstream upstream)
    {
        var ways = new List<Way>();
        for (var i = 0; i < upstream.Backends.Count; i++)
        {
            var backend = upstream.Backends[i];
            var way = new Way(
                i,
                ProtocolOf(snapshot, upstream, backend),
                backend.Address.IsPath,
                backend.Connect?.Framing ?? upstream.Connect?.Framing ?? snapshot.Defaults.Connect?.Framing
            );
            if (!ways.Exists(other => other == way with { FirstBackend = other.FirstBackend }))
            {
                ways.Add(way);
            }
        }

        return ways;
    }

    private static void Warn(Findings findings, Listener listener, Upstream upstream, int index)
    {
        using var kind = findings.In("upstreams");
        using var at = findings.In(upstream.Name);
        if (upstream.Backends[index].Connect?.Protocol is not null)
        {
            using var list = findings.In("backends");
            using var backend = findings.At(index);
            using var own = findings.In("connect");
            Warn(findings, listener);
            return;
        }

        using var connect = findings.In("connect");
        Warn(findings, listener);
    }

    private static void Warn(Findings findings, Listener listener) =>
        findings.Warning(
            KeepsBounds(listener) is true
                ? $"clients of {listener} send messages and these backends take a stream: where a message ends is lost"
                : $"clients of {listener} send a stream and these backends take messages: each piece that is read becomes one, wherever it ends",
            "'framing: length', if the length of each message stands before it in the stream (RFC 4571; DNS over TCP), or a protocol that fits"
        );

    /// <summary>Null: it carries both.</summary>
    private static bool? KeepsBounds(Listener listener) =>
        listener.Protocol switch
        {
            ListenerProtocol.Udp or ListenerProtocol.UnixDatagram or ListenerProtocol.UnixSeqpacket => true,
            ListenerProtocol.Tcp or ListenerProtocol.Tls or ListenerProtocol.Unix => false,
            _ => null,
        };

    private static bool? KeepsBounds(in Way way, ListenerProtocol listener) =>
        way.Protocol switch
        {
            ConnectProtocol.Udp or ConnectProtocol.UnixDatagram or ConnectProtocol.UnixSeqpacket => true,
            // There are no such connections to an address: they are TCP. Datagrams stay what they are.
            ConnectProtocol.Same => listener is ListenerProtocol.Udp or ListenerProtocol.UnixDatagram
                || (listener == ListenerProtocol.UnixSeqpacket && way.IsPath),
            ConnectProtocol.Tcp or ConnectProtocol.Tls or ConnectProtocol.Unix => false,
            ConnectProtocol.Pipe or ConnectProtocol.Exec => false,
            _ => null,
        };

    private static ConnectProtocol ProtocolOf(Snapshot snapshot, Upstream upstream, Backend backend) =>
        backend.Connect?.Protocol
        ?? upstream.Connect?.Protocol
        ?? snapshot.Defaults.Connect?.Protocol
        ?? ConnectProtocol.Same;

    /// <summary>Null: either will do.</summary>
    private static bool? WantsPath(ConnectProtocol protocol) =>
        protocol switch
        {
            ConnectProtocol.Unix or ConnectProtocol.UnixDatagram or ConnectProtocol.UnixSeqpacket => true,
            ConnectProtocol.Pipe or ConnectProtocol.Exec => true,
            ConnectProtocol.Tcp or ConnectProtocol.Udp => false,
            _ => null,
        };

    private static string Word(ConnectProtocol protocol) =>
        protocol switch
        {
            ConnectProtocol.UnixDatagram => "unix-datagram",
            ConnectProtocol.UnixSeqpacket => "unix-seqpacket",
            _ => protocol.ToString().ToLowerInvariant(),
        };

    /// <summary>How some backends of an upstream are connected to.</summary>
    private readonly record struct Way(int FirstBackend, ConnectProtocol Protocol, bool IsPath, Framing? Framing);
}
