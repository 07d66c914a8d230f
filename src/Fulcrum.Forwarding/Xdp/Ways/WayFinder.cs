using System.Net;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;

namespace Fulcrum.Forwarding.Xdp.Ways;

/// <summary>
/// Asks the kernel for the way to addresses: its routes, its interfaces, and the hardware addresses that it has learned. What
/// it does not know yet it is made to find out, as if there were a packet to send (RFC 826; RFC 4861 section 7.2). Frames
/// that a program sends do that neither, nor do they tell the kernel that somebody still answers, so what has become old is
/// asked for anew from time to time.
/// </summary>
internal sealed class WayFinder(Rtnetlink net)
{
    private const NeighborState Known =
        NeighborState.Reachable
        | NeighborState.Stale
        | NeighborState.Delay
        | NeighborState.Probe
        | NeighborState.Permanent
        | NeighborState.NoArp;

    /// <param name="refreshes">Also what was not confirmed for long is asked for.</param>
    /// <exception cref="NetlinkException"/>
    public async Task<Dictionary<IPAddress, Way>> FindAsync(
        IReadOnlyCollection<IPAddress> addresses,
        bool refreshes,
        CancellationToken cancellation
    )
    {
        var picture = await NetworkPicture.TakeAsync(net, cancellation);
        var neighbors = new Dictionary<(int, IPAddress), Neighbor>();
        foreach (var neighbor in await net.Neighbors.ListAsync(cancellation))
        {
            neighbors[(neighbor.Interface, neighbor.Address)] = neighbor;
        }

        var (ways, asked) = (new Dictionary<IPAddress, Way>(), new Dictionary<(int, IPAddress), Neighbor>());
        foreach (var address in addresses)
        {
            ways[address] = Find(address, await net.Routes.FindAsync(address, cancellation));
        }

        if (asked.Count > 0)
        {
            _ = await net.Neighbors.ReplaceAsync(asked.Values, cancellation);
        }

        return ways;

        Way Find(IPAddress address, NetworkRoute? route)
        {
            if (route is not { Type: RouteType.Unicast, NextHops: [var hop, ..] })
            {
                return new()
                {
                    Trouble = route is { Type: RouteType.Local }
                        ? $"{address} is an address of this machine: frames do not leave it"
                        : $"there is no route to {address}",
                };
            }

            var next = hop.Gateway ?? address;
            var link = picture.Link(hop.Interface);
            var neighbor = neighbors.GetValueOrDefault((hop.Interface, next));
            var isKnown = neighbor is not null && (neighbor.State & Known) != NeighborState.None;
            if (!isKnown && neighbor is not { State: NeighborState.Incomplete } || refreshes && IsOld(neighbor))
            {
                asked[(hop.Interface, next)] = new()
                {
                    Interface = hop.Interface,
                    Address = next,
                    Flags = NeighborFlags.Use,
                };
            }

            // The program stands below devices of VLANs, and writes the tag itself.
            var vlan = link?.Kind as VlanKind;
            return new()
            {
                Interface = vlan is null ? hop.Interface : link!.Parent,
                Vlan = vlan?.Id,
                Asked = hop.Interface,
                Next = next,
                Hardware = isKnown ? neighbor!.HardwareAddress : null,
                SourceHardware = link?.HardwareAddress,
                Source = route.PreferredSource,
                Mtu = (int)(link?.Mtu ?? 0),
                Trouble =
                    link is not { IsUp: true } ? $"interface {picture.NameOf(hop.Interface)} is down"
                    : isKnown ? null
                    : $"nobody on {link.Name} answers for {next}",
            };
        }
    }

    private static bool IsOld(Neighbor? neighbor) => neighbor is { State: NeighborState.Stale };
}
