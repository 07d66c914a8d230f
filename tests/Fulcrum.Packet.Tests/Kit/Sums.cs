using System.Buffers.Binary;
using System.Net;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>Checksums, summed up from the beginning (RFC 1071), and a look whether all of a frame are right.</summary>
internal static class Sums
{
    /// <summary>Where tunnels within UDP end.</summary>
    public const int TunnelPort = 6080;

    public static ushort Of(params ReadOnlySpan<byte> bytes) => Finish(Add(0, bytes));

    public static ushort OfTransport(
        IPAddress source,
        IPAddress destination,
        byte protocol,
        ReadOnlySpan<byte> transport
    ) => Finish(Add(Pseudo(source.GetAddressBytes(), destination.GetAddressBytes(), protocol, transport), transport));

    /// <summary>What a transport has in the place of its checksum while that is not there yet.</summary>
    public static ushort OfPseudo(
        IPAddress source,
        IPAddress destination,
        byte protocol,
        ReadOnlySpan<byte> transport
    ) => (ushort)~Finish(Pseudo(source.GetAddressBytes(), destination.GetAddressBytes(), protocol, transport));

    /// <summary>What is wrong with a frame; null: nothing that can be seen.</summary>
    public static string? WrongIn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 14)
        {
            return "no frame";
        }

        var at = 12;
        while (Read(frame, at) is 0x8100 or 0x88a8)
        {
            at += 4;
            if (frame.Length < at + 2)
            {
                return "no frame";
            }
        }

        return Read(frame, at) switch
        {
            0x0800 => WrongInIPv4(frame[(at + 2)..]),
            0x86dd => WrongInIPv6(frame[(at + 2)..]),
            _ => null,
        };
    }

    private static string? WrongInIPv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4 || (packet[0] & 15) < 5)
        {
            return "no header of IPv4";
        }

        var header = (packet[0] & 15) * 4;
        var length = Read(packet, 2);
        return packet.Length < header || length < header || length > packet.Length ? "lengths of IPv4"
            : Of(packet[..header]) != 0 ? "checksum of IPv4"
            : WrongInTransport(packet[12..16], packet[16..20], packet[9], packet[header..length]);
    }

    private static string? WrongInIPv6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 40 || packet[0] >> 4 != 6)
        {
            return "no header of IPv6";
        }

        var length = 40 + Read(packet, 4);
        return length > packet.Length
            ? "length of IPv6"
            : WrongInTransport(packet[8..24], packet[24..40], packet[6], packet[40..length]);
    }

    private static string? WrongInTransport(
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> destination,
        byte protocol,
        ReadOnlySpan<byte> transport
    )
    {
        switch (protocol)
        {
            case 4:
                return WrongInIPv4(transport);
            case 41:
                return WrongInIPv6(transport);
            case Wire.Tcp:
                return transport.Length < 20 ? "length of TCP" : Wrong("TCP", transport, source, destination, protocol);
            case Wire.Udp:
                if (transport.Length < 8)
                {
                    return "length of UDP";
                }

                if (Read(transport, 6) == 0)
                {
                    return source.Length == 16 ? "no checksum of UDP over IPv6" : InUdp(transport);
                }

                return Wrong("UDP", transport, source, destination, protocol) ?? InUdp(transport);
            case Wire.Icmp when source.Length == 4:
                return transport.Length < 8 ? "length of ICMP"
                    : Of(transport) != 0 ? "checksum of ICMP"
                    : null;
            case Wire.Icmp6 when source.Length == 16:
                return transport.Length < 8
                    ? "length of ICMP"
                    : Wrong("ICMPv6", transport, source, destination, protocol);
            default:
                return null;
        }
    }

    private static string? InUdp(ReadOnlySpan<byte> datagram) =>
        Read(datagram, 2) != TunnelPort || datagram.Length <= 8 ? null
        : datagram[8] >> 4 == 4 ? WrongInIPv4(datagram[8..])
        : WrongInIPv6(datagram[8..]);

    private static string? Wrong(
        string what,
        ReadOnlySpan<byte> transport,
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> destination,
        byte protocol
    ) => Finish(Add(Pseudo(source, destination, protocol, transport), transport)) == 0 ? null : $"checksum of {what}";

    private static uint Pseudo(
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> destination,
        byte protocol,
        ReadOnlySpan<byte> transport
    ) => Add(Add((uint)(protocol + transport.Length), source), destination);

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? (uint)bytes[i] << 8 : bytes[i];
        }

        return sum;
    }

    private static ushort Finish(uint sum)
    {
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static ushort Read(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
