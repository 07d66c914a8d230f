namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>What comes after an action (TC_ACT_*).</summary>
public enum TrafficVerdict
{
    /// <summary>The next filter is asked, as if this one had not matched.</summary>
    Continue = -1,

    /// <summary>The packet goes on, and no other filter is asked.</summary>
    Pass = 0,

    /// <summary>All filters are asked again from the first: the packet has become another one.</summary>
    AskAgain = 1,
    Drop = 2,

    /// <summary>The next action of the same filter; after the last one the packet goes on.</summary>
    Pipe = 3,
}
