namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>How packets get to a backend.</summary>
internal enum BackendForwarding : byte
{
    None = 0,

    /// <summary>By its hardware address, as they are.</summary>
    Direct = 1,

    /// <summary>IP in IP.</summary>
    IpInIp = 2,

    /// <summary>IP in UDP.</summary>
    Gue = 3,

    /// <summary>Under its address and port.</summary>
    Nat = 4,

    /// <summary>And from an address and port of ours.</summary>
    FullNat = 5,
}
