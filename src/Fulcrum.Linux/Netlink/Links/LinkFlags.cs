namespace Fulcrum.Linux.Netlink.Links;

/// <summary>How a link is (IFF_*, netdevice(7)).</summary>
[Flags]
public enum LinkFlags : uint
{
    None = 0,

    /// <summary>The administrator wants it up.</summary>
    Up = 0x1,
    Broadcast = 0x2,
    Loopback = 0x8,
    PointToPoint = 0x10,

    /// <summary>It can carry packets.</summary>
    Running = 0x40,
    NoArp = 0x80,
    Promiscuous = 0x100,
    AllMulticast = 0x200,
    Master = 0x400,
    Slave = 0x800,
    Multicast = 0x1000,

    /// <summary>What is below it is up: the cable, the other end.</summary>
    LowerUp = 0x1_0000,
    Dormant = 0x2_0000,
}
