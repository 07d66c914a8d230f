namespace Fulcrum.Linux.Netlink;

/// <summary>Which part of the kernel a netlink socket speaks with, by the kernel's numbers.</summary>
public enum NetlinkProtocol
{
    /// <summary>Links, addresses, routes, rules and neighbors (rtnetlink(7)).</summary>
    Route = 0,

    /// <summary>Families that are known by name.</summary>
    Generic = 16,
}
