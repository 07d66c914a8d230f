namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>What a route does with a packet (RTN_*).</summary>
public enum RouteType : byte
{
    Unicast = 1,

    /// <summary>It is for this machine.</summary>
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>It is dropped without a word.</summary>
    Blackhole = 6,

    /// <summary>It is dropped, and the sender told that there is no way.</summary>
    Unreachable = 7,

    /// <summary>It is dropped, and the sender told that it is forbidden.</summary>
    Prohibit = 8,

    /// <summary>This table says nothing about it: the next rule is asked.</summary>
    Throw = 9,
}
