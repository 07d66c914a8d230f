using System.Buffers.Binary;
using System.Net;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The keys of flower and their masks (TCA_FLOWER_KEY_*).</summary>
internal static class FlowerMatchCodec
{
    private const uint Fragment = 1;

    public static void Encode(NetlinkWriter writer, ushort etherType, FlowerMatch match)
    {
        writer.PutNetworkOrder(FlowerKeys.EtherType, etherType);
        if (match.Protocol is { } protocol)
        {
            writer.Put(FlowerKeys.Protocol, protocol);
        }

        if (match.IsFragment is { } isFragment)
        {
            writer.PutNetworkOrder(FlowerKeys.Flags, isFragment ? Fragment : 0);
            writer.PutNetworkOrder(FlowerKeys.FlagsMask, Fragment);
        }

        Encode(writer, match.Source, FlowerKeys.SourceIPv4, FlowerKeys.SourceIPv6);
        Encode(writer, match.Destination, FlowerKeys.DestinationIPv4, FlowerKeys.DestinationIPv6);
        Encode(writer, match, match.SourcePorts, FlowerKeys.FirstSource, isSource: true);
        Encode(writer, match, match.DestinationPorts, FlowerKeys.FirstDestination, isSource: false);
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
                case FlowerKeys.Protocol:
                    match = match with { Protocol = options.Byte() };
                    break;
                case FlowerKeys.SourceIPv4 or FlowerKeys.SourceIPv6:
                    sourceLength = Keep(ref options, source);
                    break;
                case FlowerKeys.SourceIPv4 + 1 or FlowerKeys.SourceIPv6 + 1:
                    _ = Keep(ref options, source[16..]);
                    break;
                case FlowerKeys.DestinationIPv4 or FlowerKeys.DestinationIPv6:
                    destinationLength = Keep(ref options, destination);
                    break;
                case FlowerKeys.DestinationIPv4 + 1 or FlowerKeys.DestinationIPv6 + 1:
                    _ = Keep(ref options, destination[16..]);
                    break;
                case FlowerKeys.SourceTcp or FlowerKeys.SourceUdp or FlowerKeys.SourceSctp:
                    firstSource = lastSource = options.NetworkUInt16();
                    break;
                case FlowerKeys.DestinationTcp or FlowerKeys.DestinationUdp or FlowerKeys.DestinationSctp:
                    firstDestination = lastDestination = options.NetworkUInt16();
                    break;
                case >= FlowerKeys.FirstPortMask and <= FlowerKeys.LastPortMask:
                    masks &= options.NetworkUInt16() == ushort.MaxValue;
                    break;
                case FlowerKeys.Flags:
                    flags = options.NetworkUInt32();
                    break;
                case FlowerKeys.FlagsMask:
                    flagsMask = options.NetworkUInt32();
                    break;
                case FlowerKeys.FirstSource:
                    firstSource = options.NetworkUInt16();
                    break;
                case FlowerKeys.LastSource:
                    lastSource = options.NetworkUInt16();
                    break;
                case FlowerKeys.FirstDestination:
                    firstDestination = options.NetworkUInt16();
                    break;
                case FlowerKeys.LastDestination:
                    lastDestination = options.NetworkUInt16();
                    break;
            }
        }

        isWhole = options.IsWhole;
        masks &= TryMakePrefix(source, sourceLength, out var from);
        masks &= TryMakePrefix(destination, destinationLength, out var to);
        masks &=
            (firstSource ?? lastSource ?? firstDestination ?? lastDestination) is null
            || match.Protocol is FlowerKeys.Tcp or FlowerKeys.Udp or FlowerKeys.Sctp;
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

        var key = (match.Protocol, isSource) switch
        {
            (FlowerKeys.Tcp, true) => FlowerKeys.SourceTcp,
            (FlowerKeys.Tcp, false) => FlowerKeys.DestinationTcp,
            (FlowerKeys.Udp, true) => FlowerKeys.SourceUdp,
            (FlowerKeys.Udp, false) => FlowerKeys.DestinationUdp,
            (FlowerKeys.Sctp, true) => FlowerKeys.SourceSctp,
            (FlowerKeys.Sctp, false) => FlowerKeys.DestinationSctp,
            _ => throw new ArgumentException("ports are of TCP, UDP or SCTP", nameof(match)),
        };
        // Without a mask all its bits count.
        if (some.IsOne)
        {
            writer.PutNetworkOrder(key, some.First);
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
        var length = options.Type < FlowerKeys.SourceIPv6 ? 4 : 16;
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
