using System.Net;

namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>Where a packet goes next.</summary>
public sealed record NextHop
{
    /// <summary>0: the one that leads to the gateway.</summary>
    public int Interface { get; init; }

    /// <summary>Null: the destination itself is on the link. It may be IPv6 for an IPv4 route.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The gateway is on the link although no prefix says so.</summary>
    public bool IsOnLink { get; init; }

    /// <summary>Of how many among several, from 1 to 256.</summary>
    public int Weight { get; init; } = 1;
}
