namespace Fulcrum.Linux.Netlink.Addresses;

/// <summary>The addresses that stand on interfaces, IPv4 and IPv6.</summary>
public sealed class InterfaceAddresses : ReplaceableTable<InterfaceAddress>
{
    internal InterfaceAddresses(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new InterfaceAddressCodec()) { }
}
