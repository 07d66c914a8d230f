namespace Fulcrum.Linux.Netlink.Links;

/// <summary>What a link can do at the moment (IF_OPER_*, RFC 2863).</summary>
public enum LinkState : byte
{
    Unknown = 0,
    NotPresent = 1,
    Down = 2,
    LowerLayerDown = 3,
    Testing = 4,
    Dormant = 5,
    Up = 6,
}
