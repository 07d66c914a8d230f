using System.Diagnostics.CodeAnalysis;
using System.Net;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Ipvs;

/// <summary>IPVS_DEST_ATTR_*.</summary>
internal static class IpvsDestinationCodec
{
    private const ushort Address = 1;
    private const ushort Port = 2;
    private const ushort Forwarding = 3;
    private const ushort Weight = 4;
    private const ushort UpperThreshold = 5;
    private const ushort LowerThreshold = 6;
    private const ushort Active = 7;
    private const ushort Inactive = 8;
    private const ushort Persistent = 9;
    private const ushort Counters = 10;
    private const ushort Family = 11;
    private const ushort LongCounters = 12;
    private const ushort Tunnel = 13;
    private const ushort TunnelPort = 14;
    private const ushort TunnelFlags = 15;
    private const uint ForwardingMask = 7;

    /// <summary>Which one is meant, and nothing else.</summary>
    public static void EncodeKey(NetlinkWriter writer, IpvsDestination destination)
    {
        var nest = writer.BeginNest(IpvsNumbers.Destination);
        WriteKey(writer, destination);
        writer.EndNest(nest);
    }

    /// <summary>All of it: what a change leaves out the kernel would reset, or refuse.</summary>
    public static void Encode(NetlinkWriter writer, IpvsDestination destination)
    {
        var nest = writer.BeginNest(IpvsNumbers.Destination);
        WriteKey(writer, destination);
        writer.Put(Forwarding, (uint)destination.Forwarding);
        writer.Put(Weight, destination.Weight);
        writer.Put(UpperThreshold, destination.UpperThreshold);
        writer.Put(LowerThreshold, destination.LowerThreshold);
        if (destination.Tunnel != IpvsTunnel.IpInIp || destination.TunnelFlags != IpvsTunnelFlags.None)
        {
            writer.Put(Tunnel, (byte)destination.Tunnel);
            writer.PutNetworkOrder(TunnelPort, destination.TunnelPort);
            writer.Put(TunnelFlags, (ushort)destination.TunnelFlags);
        }

        writer.EndNest(nest);
    }

    /// <summary>Reads what is inside of the destination's attribute.</summary>
    /// <param name="service">The service's family, where the destination does not tell its own.</param>
    public static bool TryDecode(
        AttributeReader attributes,
        SocketFamily service,
        [NotNullWhen(true)] out IpvsDestination? destination
    )
    {
        destination = null;
        var family = service;
        ReadOnlySpan<byte> address = default;
        var isLong = false;
        var connections = new IpvsConnections();
        var made = new IpvsDestination { Address = IPAddress.None, Port = 0 };
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Address:
                    address = attributes.Value;
                    break;
                case Family:
                    family = (SocketFamily)attributes.UInt16();
                    break;
                case Active:
                    connections = connections with { Active = attributes.UInt32() };
                    break;
                case Inactive:
                    connections = connections with { Inactive = attributes.UInt32() };
                    break;
                case Persistent:
                    connections = connections with { Persistent = attributes.UInt32() };
                    break;
                case LongCounters:
                    isLong = true;
                    made = made with { Counters = IpvsCountersCodec.Decode(ref attributes) };
                    break;
                case Counters when !isLong:
                    made = made with { Counters = IpvsCountersCodec.Decode(ref attributes) };
                    break;
                default:
                    made = Decode(ref attributes, made);
                    break;
            }
        }

        if (!attributes.IsWhole || IpvsAddresses.Read(address, family) is not { } own)
        {
            return false;
        }

        destination = made with { Address = own, Connections = connections };
        return true;
    }

    private static IpvsDestination Decode(ref AttributeReader attributes, IpvsDestination destination) =>
        attributes.Type switch
        {
            Port => destination with { Port = attributes.NetworkUInt16() },
            Forwarding => destination with { Forwarding = (IpvsForwarding)(attributes.UInt32() & ForwardingMask) },
            Weight => destination with { Weight = attributes.UInt32() },
            UpperThreshold => destination with { UpperThreshold = attributes.UInt32() },
            LowerThreshold => destination with { LowerThreshold = attributes.UInt32() },
            Tunnel => destination with { Tunnel = (IpvsTunnel)attributes.Byte() },
            TunnelPort => destination with { TunnelPort = attributes.NetworkUInt16() },
            TunnelFlags => destination with { TunnelFlags = (IpvsTunnelFlags)attributes.UInt16() },
            _ => destination,
        };

    private static void WriteKey(NetlinkWriter writer, IpvsDestination destination)
    {
        writer.Put(Family, (ushort)IpvsAddresses.FamilyOf(destination.Address));
        writer.Put(Address, destination.Address);
        writer.PutNetworkOrder(Port, destination.Port);
    }
}
