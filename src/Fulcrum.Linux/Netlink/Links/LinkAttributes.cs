namespace Fulcrum.Linux.Netlink.Links;

/// <summary>The kernel's numbers (IFLA_*) and the header (<c>struct ifinfomsg</c>).</summary>
internal static class LinkAttributes
{
    public const int HeaderLength = 16;

    public const ushort HardwareAddress = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Parent = 5;
    public const ushort Master = 10;
    public const ushort State = 16;
    public const ushort Information = 18;
    public const ushort Families = 26;
    public const ushort Group = 27;
    public const ushort ExtendedMask = 29;
    public const ushort Properties = 52;
    public const ushort AlternativeName = 53;

    public const ushort IPv4Family = 2;
    public const ushort IPv4Settings = 1;

    public const ushort InformationKind = 1;
    public const ushort InformationData = 2;

    /// <summary>RTEXT_FILTER_SKIP_STATS: the counters are most of an answer otherwise.</summary>
    public const uint WithoutCounters = 8;

    /// <summary>Beyond this a name is an alternative one (IFNAMSIZ).</summary>
    public const int LongestName = 15;
}
