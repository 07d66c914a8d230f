namespace Fulcrum.Forwarding.Xdp.Tables;

[Flags]
internal enum VipFlags : uint
{
    None = 0,

    /// <summary>The address of the client alone chooses.</summary>
    BySource = 1,

    /// <summary>
    /// Every packet is chosen for by the ring: no table is asked or filled. NAT, whose answers need one, remembers all the same.
    /// </summary>
    Forgets = 2,

    /// <summary>Only sources that are listed as allowed.</summary>
    AdmitsListed = 4,

    /// <summary>Sources are looked up at all.</summary>
    ListsSources = 8,
}
