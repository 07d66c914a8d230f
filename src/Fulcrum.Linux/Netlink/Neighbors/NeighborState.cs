namespace Fulcrum.Linux.Netlink.Neighbors;

/// <summary>What the kernel knows of a neighbor (NUD_*, RFC 4861 section 7.3.2).</summary>
[Flags]
public enum NeighborState : ushort
{
    None = 0,
    Incomplete = 0x01,
    Reachable = 0x02,
    Stale = 0x04,
    Delay = 0x08,
    Probe = 0x10,
    Failed = 0x20,

    /// <summary>It needs no resolution.</summary>
    NoArp = 0x40,

    /// <summary>An administrator said so.</summary>
    Permanent = 0x80,
}

/// <summary>What is so about a neighbor (NTF_*).</summary>
[Flags]
public enum NeighborFlags : byte
{
    None = 0,

    /// <summary>Asks the kernel to find out its hardware address, as if there were a packet for it.</summary>
    Use = 0x01,

    /// <summary>The kernel forgets it last.</summary>
    ExternallyLearned = 0x10,

    /// <summary>It is an address that this machine answers for.</summary>
    Proxy = 0x08,
    Router = 0x80,
}
