using Fulcrum.Linux.Ipvs;

namespace Fulcrum.Forwarding.Ipvs.Kernel;

/// <summary>The fewest messages that make what the kernel has into what is wanted.</summary>
internal static class Difference
{
    /// <summary>Of the two that the scheduler's own flags and persistence have.</summary>
    private const IpvsServiceFlags Ours =
        IpvsServiceFlags.Persistent | IpvsServiceFlags.OnePacket | IpvsServiceFlags.Fallback | IpvsServiceFlags.Port;

    /// <summary>A service that is there already, or is to be made. New servers come before old ones go.</summary>
    public static void Of(KernelService wanted, KernelState.Entry? have, List<KernelChange> changes)
    {
        var (owner, key) = (wanted.Owner, wanted.Key);
        if (have is null)
        {
            changes.Add(new AddService(owner, wanted.Service));
        }
        else if (!IsAlike(wanted.Service, have.Service))
        {
            changes.Add(new ChangeService(owner, wanted.Service));
        }

        foreach (var (endpoint, server) in wanted.Servers)
        {
            if (have is null || !have.Servers.TryGetValue(endpoint, out var there))
            {
                changes.Add(new AddServer(owner, key, server));
            }
            else if (!IsAlike(server, there))
            {
                changes.Add(new ChangeServer(owner, key, server));
            }
        }

        if (have is not null)
        {
            foreach (var (endpoint, server) in have.Servers)
            {
                if (!wanted.Servers.ContainsKey(endpoint))
                {
                    changes.Add(new RemoveServer(owner, key, server));
                }
            }
        }
    }

    private static bool IsAlike(IpvsService wanted, IpvsService there) =>
        wanted.Scheduler == there.Scheduler
        && (wanted.Flags & Ours) == (there.Flags & Ours)
        && (wanted.PersistenceEngine ?? "") == (there.PersistenceEngine ?? "")
        && (
            !wanted.Flags.HasFlag(IpvsServiceFlags.Persistent)
            || (wanted.Timeout == there.Timeout && wanted.PersistencePrefix == there.PersistencePrefix)
        );

    // The kernel makes a server whose address is its own a local one, however it was to be reached.
    private static bool IsAlike(IpvsDestination wanted, IpvsDestination there) =>
        (wanted.Forwarding == there.Forwarding || there.Forwarding == IpvsForwarding.Local)
        && wanted.Weight == there.Weight
        && wanted.UpperThreshold == there.UpperThreshold
        && wanted.LowerThreshold == there.LowerThreshold
        && (
            wanted.Forwarding != IpvsForwarding.Tunnel
            || (
                wanted.Tunnel == there.Tunnel
                && wanted.TunnelPort == there.TunnelPort
                && wanted.TunnelFlags == there.TunnelFlags
            )
        );
}
