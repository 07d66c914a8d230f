using System.Net;
using Fulcrum.Model.Services;

namespace Fulcrum.Model.Validation;

internal static class ListenerRules
{
    public static void Check(Findings findings, Snapshot snapshot, Service service)
    {
        using var list = findings.In("listen");
        for (var i = 0; i < service.Listeners.Count; i++)
        {
            var listener = service.Listeners[i];
            using var at = findings.At(i);
            var forward = ServiceRules.EffectiveForward(snapshot, service, listener);
            if (forward is Forwarding.Proxy && NeedsKernel(listener))
            {
                findings.Error($"{listener} needs forward: nat, dsr or tunnel, but it is proxy");
            }
            else if (forward is Forwarding.Nat or Forwarding.Dsr or Forwarding.Tunnel && NeedsProxy(listener))
            {
                findings.Error($"{listener} needs forward: proxy, but it is {ServiceRules.Word(forward)}");
            }

            if (forward is Forwarding.Dsr or Forwarding.Tunnel)
            {
                CheckPortsStay(findings, snapshot, service, listener, forward);
            }

            if (listener.Protocol is ListenerProtocol.Tls or ListenerProtocol.Https && forward == Forwarding.Proxy)
            {
                CheckCertificates(findings, service, listener);
            }

            CheckPeer(findings, listener);
            CheckWide(findings, listener);
            CheckPath(findings, listener);
            UpstreamRules.CheckPolicy(findings, listener.Policy);
        }
    }

    /// <summary>Two listeners may not claim the same address, transport and port.</summary>
    public static void CheckClaims(Findings findings, Snapshot snapshot)
    {
        var claims = new Dictionary<(Transport, IPAddress?, string?), PortClaims>();
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var wide = WideListeners(snapshot);
        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            using var at = findings.In(service.Name);
            using var list = findings.In("listen");
            for (var i = 0; i < service.Listeners.Count; i++)
            {
                var listener = service.Listeners[i];
                if (service.AddressFrom is not null && listener.Address is null && listener.Path is null)
                {
                    continue;
                }

                var other = WhoHas(wide, listener);
                other ??=
                    listener.Path is { } path ? (paths.TryAdd(path, service.Name) ? null : paths[path])
                    : listener.Mark is not null ? null
                    : ClaimsOf(claims, listener).Claim(listener.Ports, service.Name);
                if (other is not null)
                {
                    using var index = findings.At(i);
                    findings.Error(
                        other == service.Name
                            ? $"{listener} is listened to twice"
                            : $"{listener} is already listened to by service '{other}'",
                        rival: other == service.Name ? null : other
                    );
                }
            }
        }
    }

    private static List<(Listener Listener, string Service)> WideListeners(Snapshot snapshot) =>
        [
            .. from service in snapshot.Services
            from listener in service.Listeners
            where listener.IsWide && ServiceRules.EffectiveForward(snapshot, service, listener) == Forwarding.Proxy
            select (listener, service.Name),
        ];

    // What is within a wide listener would never be reached; of two that cross, nobody knows which is meant.
    private static string? WhoHas(List<(Listener Listener, string Service)> wide, Listener listener)
    {
        foreach (var (other, owner) in wide)
        {
            if (
                !ReferenceEquals(other, listener)
                && listener.OwnAddress is { } address
                && TransportOf(other.Protocol) == TransportOf(listener.Protocol)
                && other.Ports.Overlaps(listener.Ports)
                && (NetworkOf(other).Contains(address) || NetworkOf(listener).Contains(other.Address!))
                && (!listener.IsWide || IsBefore(wide, other, listener))
            )
            {
                return owner;
            }
        }

        return null;

        static bool IsBefore(List<(Listener Listener, string Service)> wide, Listener one, Listener other) =>
            wide.FindIndex(item => ReferenceEquals(item.Listener, one))
            < wide.FindIndex(item => ReferenceEquals(item.Listener, other));
    }

    private static IPNetwork NetworkOf(Listener listener) =>
        new(listener.Address!, listener.PrefixLength ?? (listener.Address!.GetAddressBytes().Length * 8));

    private static PortClaims ClaimsOf(
        Dictionary<(Transport, IPAddress?, string?), PortClaims> claims,
        Listener listener
    )
    {
        // What comes in by an interface is its listener's, whoever else has the address.
        var key = (TransportOf(listener.Protocol), listener.Address, listener.Interface);
        return claims.TryGetValue(key, out var found) ? found : claims[key] = new();
    }

    private static void CheckPortsStay(
        Findings findings,
        Snapshot snapshot,
        Service service,
        Listener listener,
        Forwarding forward
    )
    {
        if (service.Upstream is null || !snapshot.Upstreams.TryGet(service.Upstream, out var upstream))
        {
            return;
        }

        foreach (var backend in upstream.Backends)
        {
            if (backend.Port is { } port && !(listener.Ports.IsSingle && listener.Ports.First == port))
            {
                findings.Error(
                    $"{ServiceRules.Word(forward)} cannot change ports, but backend '{backend.Id}' has port {port}",
                    $"backends without a port, or forward: nat"
                );
                return;
            }
        }
    }

    private static void CheckPeer(Findings findings, Listener listener)
    {
        if (listener.Peer is not { } peer)
        {
            return;
        }

        using var field = findings.In("peer");
        if (listener.Protocol != ListenerProtocol.Udp)
        {
            findings.Error(
                $"{listener} cannot serve a single peer",
                "a listener of udp://, or a 'client: { allow }' list"
            );
        }
        else if (listener.Address is { } address && address.AddressFamily != peer.AddressFamily)
        {
            findings.Error($"{peer} cannot reach {listener}", "a peer and an address that are both IPv4 or both IPv6");
        }
    }

    private static void CheckWide(Findings findings, Listener listener)
    {
        var field =
            listener.Interface is not null ? "interface"
            : listener.Transparent ? "transparent"
            : null;
        if (listener.IsWide && field is not null)
        {
            using var at = findings.In(field);
            findings.Error(
                $"the kernel leads what is for {listener} to it from any interface, and only what is for it",
                $"one address with at most {Listener.MostPorts} ports"
            );
        }
    }

    private static void CheckPath(Findings findings, Listener listener)
    {
        if (listener.Path is null)
        {
            if (listener.Mode != Listener.DefaultMode)
            {
                using var mode = findings.In("mode");
                findings.Error($"{listener} has no file", "a listener of unix: or unix-seqpacket:");
            }

            return;
        }

        if (listener.Transparent)
        {
            using var field = findings.In("transparent");
            findings.Error($"nothing that is meant for another address comes to {listener}", "a listener of tcp://");
        }

        if (listener.Interface is not null)
        {
            using var field = findings.In("interface");
            findings.Error($"nothing comes to {listener} by an interface", "a listener of tcp:// or udp://");
        }
    }

    private static void CheckCertificates(Findings findings, Service service, Listener listener)
    {
        if (service.Tls is not { } tls || (tls.Certificates.IsEmpty && tls.Acme.IsEmpty))
        {
            findings.Error($"{listener} needs a certificate", "'tls: { certificates: [FILE] }' on the service");
        }
    }

    private static bool NeedsKernel(Listener listener) =>
        listener.Protocol is ListenerProtocol.Mark or ListenerProtocol.Ip or ListenerProtocol.Sctp;

    private static bool NeedsProxy(Listener listener) =>
        listener.PrefixLength is not null
        || listener.Protocol
            is not (ListenerProtocol.Tcp or ListenerProtocol.Udp or ListenerProtocol.Sctp)
                and not (ListenerProtocol.Mark or ListenerProtocol.Ip);

    private enum Transport
    {
        Tcp,
        Udp,
        Sctp,
        Ip,
    }

    private static Transport TransportOf(ListenerProtocol protocol) =>
        protocol switch
        {
            ListenerProtocol.Udp => Transport.Udp,
            ListenerProtocol.Sctp => Transport.Sctp,
            ListenerProtocol.Ip => Transport.Ip,
            _ => Transport.Tcp,
        };
}
