using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The keys of flower and their masks (TCA_FLOWER_KEY_*).</summary>
internal static class FlowerMatchCodec
{
    public const ushort Actions = 3;

    private const ushort EtherType = 8;
    private const ushort Protocol = 9;

    private const ushort Flags = 47;
    private const ushort FlagsMask = 48;
    private const uint Fragment = 1;

    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Sctp = 132;

    private const ushort FirstSource = 87;
    private const ushort LastSource = 88;
    private const ushort FirstDestination = 89;
    private const ushort LastDestination = 90;

    public static void Encode(NetlinkWriter writer, ushort etherType, FlowerMatch match)
    {
        writer.PutNetworkOrder(EtherType, etherType);
        if (match.Protocol is { } protocol)
        {
            writer.Put(Protocol, protocol);
        }

        if (match.IsFragment is { } isFragment)
        {
            writer.PutNetworkOrder(Flags, isFragment ? Fragment : 0);
            writer.PutNetworkOrder(FlagsMask, Fragment);
        }

        Encode(writer, match.Source, 10, 14);
        Encode(writer, match.Destination, 12, 16);
        Encode(writer, match, match.SourcePorts, FirstSource, isSource: true);
        Encode(writer, match, match.DestinationPorts, FirstDestination, isSource: false);
    }

    /// <summary>Reads what can be read; null: there is a mask that no prefix and no port has.</summary>
    public static FlowerMatch? Decode(AttributeReader options, out bool isWhole)
    {
        var match = new FlowerMatch();
        Span<byte> source = stackalloc byte[32];
        Span<byte> destination = stackalloc byte[32];
        var (sourceLength, destinationLength) = (0, 0);
        var masks = true;
        uint flags = 0;
        uint flagsMask = 0;
        ushort? firstSource = null;
        ushort? lastSource = null;
        ushort? firstDestination = null;
        ushort? lastDestination = null;
        while (options.Next())
        {
            switch (options.Type)
            {
                case Protocol:
                    match = match with { Protocol = options.Byte() };
                    break;
                case 10 or 14:
                    sourceLength = Keep(ref options, source);
                    break;
                case 11 or 15:
                    _ = Keep(ref options, source[16..]);
                    break;
                case 12 or 16:
                    destinationLength = Keep(ref options, destination);
                    break;
                case 13 or 17:
                    _ = Keep(ref options, destination[16..]);
                    break;
                case 18 or 20 or 41:
                    firstSource = lastSource = options.NetworkUInt16();
                    break;
                case 19 or 21 or 42:
                    firstDestination = lastDestination = options.NetworkUInt16();
                    break;
                case 35 or 36 or 37 or 38 or 39 or 40:
                    masks &= options.NetworkUInt16() == ushort.MaxValue;
                    break;
                case Flags:
                    flags = options.NetworkUInt32();
                    break;
                case FlagsMask:
                    flagsMask = options.NetworkUInt32();
                    break;
                case FirstSource:
                    firstSource = options.NetworkUInt16();
                    break;
                case LastSource:
                    lastSource = options.NetworkUInt16();
                    break;
                case FirstDestination:
                    firstDestination = options.NetworkUInt16();
                    break;
                case LastDestination:
                    lastDestination = options.NetworkUInt16();
                    break;
            }
        }

        isWhole = options.IsWhole;
        masks &= TryMakePrefix(source, sourceLength, out var from);
        masks &= TryMakePrefix(destination, destinationLength, out var to);
        masks &=
            (firstSource ?? lastSource ?? firstDestination ?? lastDestination) is null
            || match.Protocol is Tcp or Udp or Sctp;
        masks &= flagsMask is 0 or Fragment;
        return !masks
            ? null
            : match with
            {
                Source = from,
                Destination = to,
                IsFragment = flagsMask == 0 ? null : (flags & Fragment) != 0,
                SourcePorts = Ports(firstSource, lastSource),
                DestinationPorts = Ports(firstDestination, lastDestination),
            };
    }

    private static void Encode(NetlinkWriter writer, IPNetwork? prefix, ushort four, ushort six)
    {
        if (prefix is not { PrefixLength: > 0 } some)
        {
            return;
        }

        var type = AddressFamilies.Number(some.BaseAddress) == AddressFamilies.IPv4 ? four : six;
        writer.Put(type, some.BaseAddress);
        var mask = writer.Attribute((ushort)(type + 1), type == four ? 4 : 16);
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(0xff << (8 - Math.Clamp(some.PrefixLength - (i * 8), 0, 8)));
        }
    }

    // One port is another key than a range, which the kernel wants to have two at least.
    private static void Encode(
        NetlinkWriter writer,
        FlowerMatch match,
        TrafficPorts? ports,
        ushort first,
        bool isSource
    )
    {
        if (ports is not { } some)
        {
            return;
        }

        var (key, mask) = (match.Protocol, isSource) switch
        {
            (Tcp, true) => (18, 35),
            (Tcp, false) => (19, 36),
            (Udp, true) => (20, 37),
            (Udp, false) => (21, 38),
            (Sctp, true) => (41, 39),
            (Sctp, false) => (42, 40),
            _ => throw new ArgumentException("ports are of TCP, UDP or SCTP", nameof(match)),
        };
        if (some.IsOne)
        {
            writer.PutNetworkOrder((ushort)key, some.First);
            writer.PutNetworkOrder((ushort)mask, ushort.MaxValue);
        }
        else
        {
            writer.PutNetworkOrder(first, some.First);
            writer.PutNetworkOrder((ushort)(first + 1), some.Last);
        }
    }

    private static TrafficPorts? Ports(ushort? first, ushort? last) =>
        first is { } from && last is { } to ? new(from, to) : null;

    private static int Keep(ref AttributeReader options, scoped Span<byte> room)
    {
        var length = options.Type < 14 ? 4 : 16;
        options.Include(options.Value.Length == length);
        options.Value[..Math.Min(length, options.Value.Length)].CopyTo(room);
        return length;
    }

    // The address, and from the sixteenth byte on the mask.
    private static bool TryMakePrefix(ReadOnlySpan<byte> bytes, int length, out IPNetwork? prefix)
    {
        prefix = null;
        if (length == 0)
        {
            return true;
        }

        var mask =
            length == 4
                ? (UInt128)BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) << 96
                : BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
        var bits = (int)UInt128.LeadingZeroCount(~mask);
        if (mask << bits != 0 && bits < 128)
        {
            return false;
        }

        var family = length == 4 ? AddressFamilies.IPv4 : AddressFamilies.IPv6;
        if (!AddressFamilies.TryMakePrefix(family, new(bytes[..length]), bits, out var made))
        {
            return false;
        }

        prefix = bits == 0 ? null : made;
        return true;
    }
}
