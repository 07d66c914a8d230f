namespace Fulcrum.Forwarding.Sysctls;

/// <summary>What the ways of forwarding need of the kernel (ip-sysctl), interface by interface where it has it so.</summary>
public static class SysctlWishes
{
    /// <summary>
    /// The answers of NAT's backends come in here and are for others. They may go out where they came in, and no router
    /// must tell the backend of a shorter way; that is told if either the interface or "all" says so.
    /// </summary>
    public static IReadOnlyList<SysctlWish> NatOverIPv4(string link) =>
        [
            new($"net/ipv4/conf/{link}/forwarding", "1"),
            new("net/ipv4/conf/all/send_redirects", "0"),
            new($"net/ipv4/conf/{link}/send_redirects", "0"),
        ];

    /// <summary>
    /// IPv6 forwards on all interfaces or on none. A machine that forwards takes no routes from router advertisements,
    /// unless accept_ra is 2.
    /// </summary>
    public static IReadOnlyList<SysctlWish> NatOverIPv6() => [new("net/ipv6/conf/all/forwarding", "1")];

    /// <summary>
    /// A backend of DSR or a tunnel answers a check that came through the plane from the vip, which is an address of this
    /// machine too. The kernel takes such packets for forged unless told otherwise.
    /// </summary>
    public static IReadOnlyList<SysctlWish> AnswersFromVip(string link) =>
        [new($"net/ipv4/conf/{link}/accept_local", "1"), LooseSource(link)];

    /// <summary>
    /// Only an interface that has an address answers ARP for it, and ARP never asks in the name of an address of another
    /// interface: vips on a dummy stay unheard.
    /// </summary>
    public static IReadOnlyList<SysctlWish> QuietArp(string link) =>
        [new($"net/ipv4/conf/{link}/arp_ignore", "1", "2", "8"), new($"net/ipv4/conf/{link}/arp_announce", "2")];

    /// <summary>
    /// The kernel tells other nodes of a connection at its third packet and then at every fiftieth: one of few packets is
    /// forgotten by them while it lives, and one of many costs a message each time. So: at every fourth, but within ten
    /// seconds once.
    /// </summary>
    public static IReadOnlyList<SysctlWish> SharedConnections() =>
        [new("net/ipv4/vs/sync_threshold", "3 4"), new("net/ipv4/vs/sync_refresh_period", "10")];

    /// <summary>The larger of the interface's and "all" counts: 2 outweighs 1, and 0 would not.</summary>
    private static SysctlWish LooseSource(string link) => new($"net/ipv4/conf/{link}/rp_filter", "2");
}
