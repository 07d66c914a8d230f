using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>What a service may ask that not every plane in the kernel has.</summary>
internal static class KernelWishes
{
    /// <summary>What the plane lacks of it, as a sentence about the plane; null: nothing.</summary>
    public static string? Lack(PlaneOffer plane, Snapshot snapshot, Service service, UpstreamView view) =>
        service.Listeners.FirstOrDefault(listener => !plane.Protocols.Contains(listener.Protocol)) is { } listener
            ? $"it does not take {Words.Of(listener.Protocol)}"
        : service.Together && !plane.JoinsListeners ? "it does not hold listeners together"
        : !plane.AdmitsBySource && service.Client != ClientRules.None ? "it keeps no 'client: { allow, deny }'"
        : OfSessions(plane, snapshot, service, view) ?? OfUpstream(plane, snapshot, view);

    private static string? OfSessions(PlaneOffer plane, Snapshot snapshot, Service service, UpstreamView view) =>
        (service.Sessions ?? snapshot.Defaults.Sessions) is { OnePacket: true }
        && view.Policy.Forward == Forwarding.Nat
        && !plane.NatsSinglePackets
            ? "it does no NAT for datagrams that are each balanced for themselves ('one-packet')"
            : null;

    private static string? OfUpstream(PlaneOffer plane, Snapshot snapshot, UpstreamView view)
    {
        if (!plane.Probes && Questions.GoThroughThePlane(view.Policy))
        {
            return "checks do not go through it ('via: forwarding')";
        }

        if (snapshot.Upstreams.Find(view.Upstream) is not { } upstream)
        {
            return null;
        }

        var shared = upstream.Connect?.Over(snapshot.Defaults.Connect) ?? snapshot.Defaults.Connect;
        var connects = upstream.Backends.Select(backend => backend.Connect?.Over(shared) ?? shared).Append(shared);
        return !plane.CountsConnections && upstream.Backends.Any(backend => backend.MaxConnections is not null)
                ? "it does not count connections ('max-connections')"
            : view.Policy.Forward == Forwarding.Tunnel
            && connects.FirstOrDefault(one => one?.Tunnel is { } tunnel && !plane.Tunnels.Contains(tunnel.Kind))
                is { Tunnel.Kind: var kind }
                ? $"it has no tunnel {Words.Of(kind)}"
            : null;
    }
}
