using Fulcrum.Linux.Netlink;

namespace Fulcrum.Linux.Ipvs;

/// <summary>IPVS_STATS_ATTR_*: all of 64 bits, or, of kernels before 4.1, all but the bytes of 32.</summary>
internal static class IpvsCountersCodec
{
    public static IpvsCounters Decode(ref AttributeReader attributes)
    {
        var counters = new IpvsCounters();
        var inside = attributes.Nested();
        while (inside.Next())
        {
            counters = inside.Type switch
            {
                1 => counters with { Connections = Number(ref inside) },
                2 => counters with { IncomingPackets = Number(ref inside) },
                3 => counters with { OutgoingPackets = Number(ref inside) },
                4 => counters with { IncomingBytes = Number(ref inside) },
                5 => counters with { OutgoingBytes = Number(ref inside) },
                6 => counters with { ConnectionRate = Number(ref inside) },
                7 => counters with { IncomingPacketRate = Number(ref inside) },
                8 => counters with { OutgoingPacketRate = Number(ref inside) },
                9 => counters with { IncomingByteRate = Number(ref inside) },
                10 => counters with { OutgoingByteRate = Number(ref inside) },
                _ => counters,
            };
        }

        attributes.Include(inside.IsWhole);
        return counters;
    }

    private static ulong Number(ref AttributeReader attributes) =>
        attributes.Value.Length == sizeof(uint) ? attributes.UInt32() : attributes.UInt64();
}
