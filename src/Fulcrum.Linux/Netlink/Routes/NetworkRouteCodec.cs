using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Routes;

/// <summary><c>struct rtmsg</c> and what follows it.</summary>
internal sealed class NetworkRouteCodec : NetlinkCodec<NetworkRoute>
{
    public override ushort NewType => 24;

    public override uint[] Groups => [7, 11];

    public override string Plural => "routes";

    public override string Describe(NetworkRoute item) => $"route {item}";

    public override void Encode(NetlinkWriter writer, NetworkRoute item)
    {
        var family = AddressFamilies.Number(item.Destination.BaseAddress);
        var header = writer.Structure(RouteAttributes.HeaderLength);
        header[0] = family;
        header[1] = (byte)item.Destination.PrefixLength;
        header[2] = (byte)(item.From?.PrefixLength ?? 0);
        header[4] = item.Table > byte.MaxValue ? RouteAttributes.TableElsewhere : (byte)item.Table;
        header[5] = item.Protocol;
        header[6] = (byte)item.Scope;
        header[7] = (byte)item.Type;
        if (item.NextHops is [{ IsOnLink: true }])
        {
            MemoryMarshal.Write(header[8..], (uint)RouteAttributes.OnLink);
        }

        writer.Put(RouteAttributes.Table, item.Table);
        if (item.Destination.PrefixLength > 0)
        {
            writer.Put(RouteAttributes.Destination, item.Destination.BaseAddress);
        }

        if (item.From is { } from)
        {
            writer.Put(RouteAttributes.From, from.BaseAddress);
        }

        if (item.Priority != 0)
        {
            writer.Put(RouteAttributes.Priority, item.Priority);
        }

        if (item.PreferredSource is not null)
        {
            writer.Put(RouteAttributes.PreferredSource, item.PreferredSource);
        }

        EncodeHops(writer, family, item.NextHops);
    }

    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(RouteAttributes.HeaderLength);

    /// <summary>Asks for the route that leads to one address.</summary>
    public static void EncodeQuestion(NetlinkWriter writer, IPAddress destination)
    {
        var header = writer.Structure(RouteAttributes.HeaderLength);
        header[0] = AddressFamilies.Number(destination);
        header[1] = (byte)(destination.GetAddressBytes().Length * 8);
        MemoryMarshal.Write(header[8..], (uint)RouteAttributes.AsWritten);
        writer.Put(RouteAttributes.Destination, destination);
    }

    /// <summary>Asks for those of one table.</summary>
    public static void EncodeQuestion(NetlinkWriter writer, byte family, uint table)
    {
        writer.Structure(RouteAttributes.HeaderLength)[0] = family;
        writer.Put(RouteAttributes.Table, table);
    }

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out NetworkRoute? item)
    {
        item = null;
        if (body.Length < RouteAttributes.HeaderLength || AddressFamilies.LengthOf(body[0]) is null)
        {
            return false;
        }

        var flags = MemoryMarshal.Read<uint>(body[8..]);
        var hop = new NextHop { IsOnLink = (flags & RouteAttributes.OnLink) != 0 };
        List<NextHop>? several = null;
        IPAddress? destination = null;
        IPAddress? from = null;
        IPAddress? source = null;
        uint table = body[4];
        uint priority = 0;
        var attributes = new AttributeReader(body[RouteAttributes.HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RouteAttributes.Destination:
                    destination = attributes.Address();
                    break;
                case RouteAttributes.From:
                    from = attributes.Address();
                    break;
                case RouteAttributes.Interface:
                    hop = hop with { Interface = attributes.Int32() };
                    break;
                case RouteAttributes.Gateway:
                    hop = hop with { Gateway = attributes.Address() };
                    break;
                case RouteAttributes.Via:
                    hop = hop with { Gateway = NextHopCodec.DecodeVia(ref attributes) };
                    break;
                case RouteAttributes.Priority:
                    priority = attributes.UInt32();
                    break;
                case RouteAttributes.PreferredSource:
                    source = attributes.Address();
                    break;
                case RouteAttributes.Multipath:
                    several = NextHopCodec.DecodeSeveral(ref attributes);
                    break;
                case RouteAttributes.Table:
                    table = attributes.UInt32();
                    break;
            }
        }

        if (
            !attributes.IsWhole
            || (flags & RouteAttributes.Cloned) != 0
            || !AddressFamilies.TryMakePrefix(body[0], destination, body[1], out var to)
            || !AddressFamilies.TryMakePrefix(body[0], from, body[2], out var origin)
            || !AddressFamilies.Are(body[0], source)
        )
        {
            return false;
        }

        item = new()
        {
            Destination = to,
            From = from is null && body[2] == 0 ? null : origin,
            Table = table,
            Protocol = body[5],
            Scope = (NetworkScope)body[6],
            Type = (RouteType)body[7],
            Priority = priority,
            PreferredSource = source,
            NextHops = several ?? (hop is { Interface: 0, Gateway: null } ? [] : [hop]),
        };
        return true;
    }

    private static void EncodeHops(NetlinkWriter writer, byte family, IReadOnlyList<NextHop> hops)
    {
        if (hops.Count > 1)
        {
            NextHopCodec.EncodeSeveral(writer, family, hops);
        }
        else if (hops is [var hop])
        {
            if (hop.Gateway is not null)
            {
                NextHopCodec.EncodeGateway(writer, family, hop.Gateway);
            }

            if (hop.Interface != 0)
            {
                writer.Put(RouteAttributes.Interface, hop.Interface);
            }
        }
    }
}
