using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>
/// Builds frames from the inside out, with every checksum summed up over all that it covers: nothing here knows how a
/// program would change one.
/// </summary>
internal static class Wire
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Icmp6 = 58;
    public const byte Fin = 1;
    public const byte Syn = 2;
    public const byte Rst = 4;
    public const byte Ack = 16;
    public const ushort DoNotFragment = 0x4000;

    private const ushort TagType = 0x8100;

    /// <param name="tags">Numbers of VLANs, the outer first.</param>
    public static byte[] Ethernet(PhysicalAddress destination, PhysicalAddress source, byte[] packet, params int[] tags)
    {
        var frame = new List<byte>([.. destination.GetAddressBytes(), .. source.GetAddressBytes()]);
        foreach (var tag in tags)
        {
            frame.AddRange([.. Number(TagType), .. Number(tag)]);
        }

        frame.AddRange(Number(packet[0] >> 4 == 6 ? 0x86dd : 0x0800));
        return [.. frame, .. packet];
    }

    public static byte[] Packet(
        IPAddress source,
        IPAddress destination,
        byte protocol,
        byte[] payload,
        int ttl = 64,
        int service = 0,
        ushort fragment = DoNotFragment,
        int number = 0,
        byte[]? options = null
    )
    {
        if (source.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return
            [
                (byte)(0x60 | (service >> 4)),
                (byte)(service << 4),
                0,
                0,
                .. Number(payload.Length),
                protocol,
                (byte)ttl,
                .. source.GetAddressBytes(),
                .. destination.GetAddressBytes(),
                .. payload,
            ];
        }

        options ??= [];
        var header = (byte[])
            [
                (byte)(0x45 + (options.Length / 4)),
                (byte)service,
                .. Number(20 + options.Length + payload.Length),
                .. Number(number),
                .. Number(fragment),
                (byte)ttl,
                protocol,
                0,
                0,
                .. source.GetAddressBytes(),
                .. destination.GetAddressBytes(),
                .. options,
            ];
        Put(header, 10, Sums.Of(header));
        return [.. header, .. payload];
    }

    public static byte[] TcpSegment(IPEndPoint source, IPEndPoint destination, byte flags, byte[]? payload = null)
    {
        var segment = (byte[])
            [
                .. Number(source.Port),
                .. Number(destination.Port),
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                0x50,
                flags,
                .. Number(4096),
                0,
                0,
                0,
                0,
                .. payload ?? [],
            ];
        Put(segment, 16, Sums.OfTransport(source.Address, destination.Address, Tcp, segment));
        return segment;
    }

    public static byte[] UdpDatagram(
        IPEndPoint source,
        IPEndPoint destination,
        byte[]? payload = null,
        bool hasChecksum = true
    )
    {
        var datagram = (byte[])
            [
                .. Number(source.Port),
                .. Number(destination.Port),
                .. Number(8 + (payload?.Length ?? 0)),
                0,
                0,
                .. payload ?? [],
            ];
        var sum = Sums.OfTransport(source.Address, destination.Address, Udp, datagram);
        Put(datagram, 6, hasChecksum ? (ushort)(sum == 0 ? 0xffff : sum) : (ushort)0);
        return datagram;
    }

    public static byte[] IcmpMessage(
        IPAddress source,
        IPAddress destination,
        byte type,
        byte code,
        int rest,
        byte[] quoted
    )
    {
        var message = (byte[])[type, code, 0, 0, .. Number(rest >> 16), .. Number(rest & 0xffff), .. quoted];
        var isIPv6 = source.AddressFamily == AddressFamily.InterNetworkV6;
        Put(message, 2, isIPv6 ? Sums.OfTransport(source, destination, Icmp6, message) : Sums.Of(message));
        return message;
    }

    public static byte[] TcpPacket(
        IPEndPoint source,
        IPEndPoint destination,
        byte flags,
        byte[]? payload = null,
        int ttl = 64,
        int service = 0
    ) =>
        Packet(source.Address, destination.Address, Tcp, TcpSegment(source, destination, flags, payload), ttl, service);

    public static byte[] UdpPacket(
        IPEndPoint source,
        IPEndPoint destination,
        byte[]? payload = null,
        int ttl = 64,
        bool hasChecksum = true
    ) => Packet(source.Address, destination.Address, Udp, UdpDatagram(source, destination, payload, hasChecksum), ttl);

    /// <summary>A packet whose transport has no checksum yet.</summary>
    public static byte[] Unfinished(byte[] packet)
    {
        var isIPv6 = packet[0] >> 4 == 6;
        var (header, length, protocol) = isIPv6 ? (40, 16, packet[6]) : (20, 4, packet[9]);
        var addresses = header - (2 * length);
        byte[] unfinished = [.. packet];
        var sum = Sums.OfPseudo(
            new(packet[addresses..(addresses + length)]),
            new(packet[(addresses + length)..header]),
            protocol,
            packet.AsSpan(header)
        );
        Put(unfinished, header + ChecksumOf(protocol), sum);
        return unfinished;
    }

    /// <summary>Where the checksum of a transport is in it.</summary>
    public static int ChecksumOf(byte protocol) => protocol == Tcp ? 16 : 6;

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    private static void Put(byte[] bytes, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
}
