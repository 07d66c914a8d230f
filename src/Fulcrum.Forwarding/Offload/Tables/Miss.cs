namespace Fulcrum.Forwarding.Offload.Tables;

/// <summary>Why datagrams of a path that the kernel knows are left to user space.</summary>
internal enum Miss : uint
{
    /// <summary>Its time to live is at its end; whoever relays gives it another.</summary>
    LastHop,

    /// <summary>The way there takes no packet that long.</summary>
    Length,

    /// <summary>It has no checksum.</summary>
    Checksum,

    /// <summary>The interface where it came in does not forward.</summary>
    Forwarding,

    /// <summary>There is no plain way.</summary>
    Route,

    /// <summary>The interface where it came in takes nothing whose source is this machine.</summary>
    Local,

    /// <summary>Its lengths contradict each other.</summary>
    Damaged,
}
