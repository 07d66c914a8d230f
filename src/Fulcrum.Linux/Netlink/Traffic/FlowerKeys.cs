namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The kernel's numbers (TCA_FLOWER_*). The mask of an address has the next number.</summary>
internal static class FlowerKeys
{
    public const ushort Actions = 3;
    public const ushort EtherType = 8;
    public const ushort Protocol = 9;
    public const ushort SourceIPv4 = 10;
    public const ushort DestinationIPv4 = 12;
    public const ushort SourceIPv6 = 14;
    public const ushort DestinationIPv6 = 16;
    public const ushort SourceTcp = 18;
    public const ushort DestinationTcp = 19;
    public const ushort SourceUdp = 20;
    public const ushort DestinationUdp = 21;
    public const ushort FirstPortMask = 35;
    public const ushort LastPortMask = 40;
    public const ushort SourceSctp = 41;
    public const ushort DestinationSctp = 42;
    public const ushort Flags = 47;
    public const ushort FlagsMask = 48;
    public const ushort FirstSource = 87;
    public const ushort LastSource = 88;
    public const ushort FirstDestination = 89;
    public const ushort LastDestination = 90;

    /// <summary>The protocols whose ports can be told, by their numbers in IP.</summary>
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Sctp = 132;
}
