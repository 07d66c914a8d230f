using System.Diagnostics.CodeAnalysis;
using System.Net;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Linux.Ipvs;

/// <summary>IPVS_DAEMON_ATTR_*.</summary>
internal static class IpvsDaemonCodec
{
    private const ushort Role = 1;
    private const ushort Interface = 2;
    private const ushort SyncId = 3;
    private const ushort MostBytes = 4;
    private const ushort GroupIPv4 = 5;
    private const ushort GroupIPv6 = 6;
    private const ushort Port = 7;
    private const ushort TimeToLive = 8;

    public static void Encode(NetlinkWriter writer, IpvsDaemon daemon)
    {
        var nest = writer.BeginNest(IpvsNumbers.Daemon);
        writer.Put(Role, (uint)daemon.Role);
        writer.Put(Interface, daemon.Interface);
        writer.Put(SyncId, daemon.SyncId);
        if (daemon.MostBytes != 0)
        {
            writer.Put(MostBytes, daemon.MostBytes);
        }

        if (daemon.Group is not null)
        {
            var isIPv4 = AddressFamilies.Number(daemon.Group) == AddressFamilies.IPv4;
            writer.Put(isIPv4 ? GroupIPv4 : GroupIPv6, daemon.Group);
        }

        if (daemon.Port != 0)
        {
            // Other than every other port here it is in the machine's order.
            writer.Put(Port, daemon.Port);
        }

        if (daemon.TimeToLive != 0)
        {
            writer.Put(TimeToLive, daemon.TimeToLive);
        }

        writer.EndNest(nest);
    }

    /// <summary>Which one is meant, and nothing else.</summary>
    public static void EncodeRole(NetlinkWriter writer, IpvsDaemonRole role)
    {
        var nest = writer.BeginNest(IpvsNumbers.Daemon);
        writer.Put(Role, (uint)role);
        writer.EndNest(nest);
    }

    /// <summary>Reads what is inside of the daemon's attribute.</summary>
    public static bool TryDecode(AttributeReader attributes, [NotNullWhen(true)] out IpvsDaemon? daemon)
    {
        daemon = null;
        uint role = 0;
        string? name = null;
        uint id = 0;
        ushort bytes = 0;
        IPAddress? group = null;
        ushort port = 0;
        byte hops = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Role:
                    role = attributes.UInt32();
                    break;
                case Interface:
                    name = attributes.Text();
                    break;
                case SyncId:
                    id = attributes.UInt32();
                    break;
                case MostBytes:
                    bytes = attributes.UInt16();
                    break;
                case GroupIPv4 or GroupIPv6:
                    group = attributes.Address();
                    break;
                case Port:
                    port = attributes.UInt16();
                    break;
                case TimeToLive:
                    hops = attributes.Byte();
                    break;
            }
        }

        if (!attributes.IsWhole || name is null || role is not (1 or 2))
        {
            return false;
        }

        daemon = new()
        {
            Role = (IpvsDaemonRole)role,
            Interface = name,
            SyncId = id,
            MostBytes = bytes,
            Group = group,
            Port = port,
            TimeToLive = hops,
        };
        return true;
    }
}
