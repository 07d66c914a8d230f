using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Routes;

/// <summary>Next hops: a single one stands among the route's own attributes, several in <c>struct rtnexthop</c>.</summary>
internal static class NextHopCodec
{
    private const int HeaderLength = 8;

    public static void EncodeGateway(NetlinkWriter writer, byte family, IPAddress gateway)
    {
        var own = AddressFamilies.Number(gateway);
        if (own == family)
        {
            writer.Put(RouteAttributes.Gateway, gateway);
            return;
        }

        // RTA_VIA (RFC 5549, now RFC 8950): the family first.
        Span<byte> bytes = stackalloc byte[16];
        _ = gateway.TryWriteBytes(bytes, out var length);
        var via = writer.Attribute(RouteAttributes.Via, sizeof(ushort) + length);
        MemoryMarshal.Write(via, (ushort)own);
        bytes[..length].CopyTo(via[sizeof(ushort)..]);
    }

    /// <summary>Takes the gateway out of the current attribute.</summary>
    public static IPAddress? DecodeVia(ref AttributeReader attributes)
    {
        var value = attributes.Value;
        if (
            value.Length > sizeof(ushort)
            && MemoryMarshal.Read<ushort>(value) is var family and <= byte.MaxValue
            && AddressFamilies.LengthOf((byte)family) == value.Length - sizeof(ushort)
        )
        {
            return new(value[sizeof(ushort)..]);
        }

        attributes.Include(false);
        return null;
    }

    public static void EncodeSeveral(NetlinkWriter writer, byte family, IReadOnlyList<NextHop> hops)
    {
        var multipath = writer.BeginNest(RouteAttributes.Multipath);
        foreach (var hop in hops)
        {
            var start = writer.Written.Length;
            var header = writer.Structure(HeaderLength);
            header[2] = hop.IsOnLink ? RouteAttributes.OnLink : (byte)0;
            header[3] = (byte)(hop.Weight - 1);
            MemoryMarshal.Write(header[4..], hop.Interface);
            if (hop.Gateway is not null)
            {
                EncodeGateway(writer, family, hop.Gateway);
            }

            writer.EndNest(start);
        }

        writer.EndNest(multipath);
    }

    public static List<NextHop> DecodeSeveral(ref AttributeReader attributes)
    {
        var hops = new List<NextHop>();
        var rest = attributes.Value;
        while (!rest.IsEmpty)
        {
            var length = rest.Length < HeaderLength ? 0 : MemoryMarshal.Read<ushort>(rest);
            if (length < HeaderLength || length > rest.Length)
            {
                attributes.Include(false);
                break;
            }

            IPAddress? gateway = null;
            var inside = new AttributeReader(rest[HeaderLength..length]);
            while (inside.Next())
            {
                gateway = inside.Type switch
                {
                    RouteAttributes.Gateway => inside.Address(),
                    RouteAttributes.Via => DecodeVia(ref inside),
                    _ => gateway,
                };
            }

            attributes.Include(inside.IsWhole);
            hops.Add(
                new()
                {
                    Interface = MemoryMarshal.Read<int>(rest[4..]),
                    Gateway = gateway,
                    IsOnLink = (rest[2] & RouteAttributes.OnLink) != 0,
                    Weight = rest[3] + 1,
                }
            );
            rest = rest[Math.Min(NetlinkMessage.Aligned(length), rest.Length)..];
        }

        return hops;
    }
}
