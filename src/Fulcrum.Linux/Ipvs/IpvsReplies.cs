using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Generic;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Ipvs;

/// <summary>What the kernel answers. It uses the commands that would make what it tells of.</summary>
internal static class IpvsReplies
{
    private const ushort VersionNumber = 1;
    private const ushort ConnectionTableSize = 2;

    public static bool TryReadService(in NetlinkMessage message, out IpvsService value)
    {
        value = null!;
        return TryRead(message, IpvsNumbers.NewService, out var attributes)
            && TryFind(ref attributes, IpvsNumbers.Service)
            && IpvsServiceCodec.TryDecode(attributes.Nested(), out value!);
    }

    /// <param name="family">Of their service.</param>
    public static NetlinkDecoder<IpvsDestination> DestinationsOf(SocketFamily family) =>
        (in NetlinkMessage message, out IpvsDestination value) =>
        {
            value = null!;
            return TryRead(message, IpvsNumbers.NewDestination, out var attributes)
                && TryFind(ref attributes, IpvsNumbers.Destination)
                && IpvsDestinationCodec.TryDecode(attributes.Nested(), family, out value!);
        };

    public static bool TryReadDaemon(in NetlinkMessage message, out IpvsDaemon value)
    {
        value = null!;
        return TryRead(message, IpvsNumbers.NewDaemon, out var attributes)
            && TryFind(ref attributes, IpvsNumbers.Daemon)
            && IpvsDaemonCodec.TryDecode(attributes.Nested(), out value!);
    }

    public static bool TryReadTimeouts(in NetlinkMessage message, out IpvsTimeouts value)
    {
        value = default;
        if (!TryRead(message, IpvsNumbers.SetConfiguration, out var attributes))
        {
            return false;
        }

        while (attributes.Next())
        {
            value = attributes.Type switch
            {
                IpvsNumbers.TcpTimeout => value with { Tcp = Seconds(ref attributes) },
                IpvsNumbers.TcpFinishedTimeout => value with { TcpFinished = Seconds(ref attributes) },
                IpvsNumbers.UdpTimeout => value with { Udp = Seconds(ref attributes) },
                _ => value,
            };
        }

        return attributes.IsWhole;
    }

    public static bool TryReadInformation(in NetlinkMessage message, out IpvsInformation value)
    {
        uint version = 0;
        uint size = 0;
        value = default;
        if (!TryRead(message, IpvsNumbers.SetInformation, out var attributes))
        {
            return false;
        }

        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case VersionNumber:
                    version = attributes.UInt32();
                    break;
                case ConnectionTableSize:
                    size = attributes.UInt32();
                    break;
            }
        }

        value = new(new((int)(version >> 16 & 0xff), (int)(version >> 8 & 0xff), (int)(version & 0xff)), size);
        return attributes.IsWhole;
    }

    private static TimeSpan Seconds(ref AttributeReader attributes) => TimeSpan.FromSeconds(attributes.UInt32());

    private static bool TryRead(in NetlinkMessage message, byte expected, out AttributeReader attributes) =>
        GenericMessage.TryRead(message.Body, out var command, out attributes) && command == expected;

    private static bool TryFind(ref AttributeReader attributes, ushort type)
    {
        while (attributes.Next())
        {
            if (attributes.Type == type)
            {
                return true;
            }
        }

        return false;
    }
}
