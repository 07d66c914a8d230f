using System.Buffers.Binary;
using System.Net.Sockets;

namespace Fulcrum.Protocols.Icmp;

/// <summary>
/// Asks a host whether it is there: an echo request carries an identifier, a sequence number and a payload, and the
/// host sends all of it back (RFC 792 for IPv4, RFC 4443 section 4 for IPv6). Whoever cannot deliver the request may
/// say so, and quotes the beginning of what he could not deliver: the IP header and, at least, the eight bytes in which
/// identifier and sequence number stand.
/// <para>
/// Made for raw sockets. Those of IPv4 give what they receive with the IP header before it, those of IPv6 without; and
/// for IPv6 the kernel sets and verifies the checksum, because it covers the addresses (RFC 3542 section 3.1).
/// </para>
/// </summary>
public static class IcmpEcho
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 8;

    private const int LeastV4Header = 20;
    private const int V6Header = 40;
    private const byte ProtocolIcmp = 1;
    private const byte ProtocolIcmpV6 = 58;
    private const byte ReplyV4 = 0;
    private const byte RequestV4 = 8;
    private const byte RequestV6 = 128;
    private const byte ReplyV6 = 129;

    /// <summary>Writes an echo request; returns its length.</summary>
    public static int Encode(
        Span<byte> packet,
        AddressFamily family,
        ushort identifier,
        ushort sequence,
        ReadOnlySpan<byte> payload
    )
    {
        packet = packet[..(HeaderLength + payload.Length)];
        packet[..4].Clear();
        packet[0] = IsV4(family) ? RequestV4 : RequestV6;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
        payload.CopyTo(packet[HeaderLength..]);
        if (IsV4(family))
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], InternetChecksum.Of(packet));
        }

        return packet.Length;
    }

    /// <summary>What a socket received, and what it means for an echo request.</summary>
    /// <param name="received">The message.</param>
    /// <param name="family">Of the socket.</param>
    /// <param name="hasHeader">The IP header is before it, as raw sockets of IPv4 have it; ignored for IPv6.</param>
    public static IcmpMessage Decode(ReadOnlySpan<byte> received, AddressFamily family, bool hasHeader = true)
    {
        var isV4 = IsV4(family);
        var message = isV4 && hasHeader ? AfterV4Header(received, isQuoted: false) : received;
        if (message.Length < HeaderLength || (isV4 && InternetChecksum.Of(message) != 0))
        {
            return default;
        }

        var (type, code) = (message[0], message[1]);
        if (type == (isV4 ? ReplyV4 : ReplyV6))
        {
            return code == 0
                ? new IcmpMessage(Identifier(message), Sequence(message), message[HeaderLength..])
                : default;
        }

        if ((isV4 ? IcmpReasons.V4(type, code) : IcmpReasons.V6(type, code)) is not { } reason)
        {
            return default;
        }

        var quoted = message[HeaderLength..];
        quoted = isV4 ? AfterV4Header(quoted, isQuoted: true) : AfterV6Header(quoted);
        return quoted.Length >= HeaderLength && quoted[0] == (isV4 ? RequestV4 : RequestV6) && quoted[1] == 0
            ? new IcmpMessage(Identifier(quoted), Sequence(quoted), reason)
            : default;
    }

    // Of what is quoted there may be less than the length in its header says.
    private static ReadOnlySpan<byte> AfterV4Header(ReadOnlySpan<byte> packet, bool isQuoted)
    {
        if (packet.Length < LeastV4Header || packet[0] >> 4 != 4 || packet[9] != ProtocolIcmp)
        {
            return [];
        }

        var header = (packet[0] & 0xf) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff;
        var end = isQuoted ? Math.Min(packet.Length, total) : total;
        return header < LeastV4Header || fragment != 0 || end > packet.Length || header > end
            ? []
            : packet[header..end];
    }

    private static ReadOnlySpan<byte> AfterV6Header(ReadOnlySpan<byte> packet) =>
        packet.Length > V6Header && packet[0] >> 4 == 6 && packet[6] == ProtocolIcmpV6 ? packet[V6Header..] : [];

    private static ushort Identifier(ReadOnlySpan<byte> echo) => BinaryPrimitives.ReadUInt16BigEndian(echo[4..]);

    private static ushort Sequence(ReadOnlySpan<byte> echo) => BinaryPrimitives.ReadUInt16BigEndian(echo[6..]);

    private static bool IsV4(AddressFamily family) => family == AddressFamily.InterNetwork;
}
