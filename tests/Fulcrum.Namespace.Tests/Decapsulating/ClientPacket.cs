using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Namespace.Tests.Decapsulating;

/// <summary>A client's datagram as a balancer puts it into a tunnel: a whole IP packet.</summary>
internal static class ClientPacket
{
    private const byte Udp = 17;

    public static byte[] Of(IPEndPoint source, IPEndPoint target, ReadOnlySpan<byte> payload)
    {
        byte[] datagram =
        [
            .. Number(source.Port),
            .. Number(target.Port),
            .. Number(8 + payload.Length),
            0,
            0,
            .. payload,
        ];
        byte[] ends = [.. source.Address.GetAddressBytes(), .. target.Address.GetAddressBytes()];
        var sum = Sum([.. ends, 0, Udp, .. Number(datagram.Length), .. datagram]);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), sum == 0 ? ushort.MaxValue : sum);
        return Packet(source.Address, target.Address, Udp, datagram);
    }

    public static byte[] Packet(IPAddress source, IPAddress target, byte protocol, byte[] payload)
    {
        byte[] ends = [.. source.GetAddressBytes(), .. target.GetAddressBytes()];
        if (source.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return [0x60, 0, 0, 0, .. Number(payload.Length), protocol, 64, .. ends, .. payload];
        }

        byte[] header = [0x45, 0, .. Number(20 + payload.Length), 0, 0, 0x40, 0, 64, protocol, 0, 0, .. ends];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Sum(header));
        return [.. header, .. payload];
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    // RFC 1071.
    private static ushort Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at++)
        {
            sum += at % 2 == 0 ? (uint)bytes[at] << 8 : bytes[at];
        }

        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~((sum & ushort.MaxValue) + (sum >> 16));
    }
}
