using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

internal static class PoolRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("pools");
        var ranges = new List<(UInt128 First, UInt128 Last, bool Six, string Pool)>();
        foreach (var pool in snapshot.Pools)
        {
            using var at = findings.In(pool.Name);
            if (pool.Ranges.IsEmpty)
            {
                findings.Error("has no addresses", "'addresses', such as 203.0.113.0/24 or 203.0.113.10-203.0.113.20");
            }

            using var list = findings.In("addresses");
            for (var i = 0; i < pool.Ranges.Count; i++)
            {
                var range = pool.Ranges[i].Range;
                var (first, six) = Number(range.First);
                var (last, lastSix) = Number(range.Last);
                using var index = findings.At(i);
                if (six != lastSix || last < first)
                {
                    findings.Error($"{range} does not run from lower to higher");
                    continue;
                }

                CheckOverlap(findings, ranges, range, (first, last, six, pool.Name));
            }
        }
    }

    private static void CheckOverlap(
        Findings findings,
        List<(UInt128 First, UInt128 Last, bool Six, string Pool)> ranges,
        AddressRange range,
        (UInt128 First, UInt128 Last, bool Six, string Pool) mine
    )
    {
        foreach (var other in ranges)
        {
            if (other.Six == mine.Six && other.First <= mine.Last && mine.First <= other.Last)
            {
                findings.Error(
                    $"{range} overlaps addresses of pool '{other.Pool}'",
                    rival: other.Pool == mine.Pool ? null : other.Pool
                );
                return;
            }
        }

        ranges.Add(mine);
    }

    private static (UInt128 Value, bool Six) Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        UInt128 value = 0;
        foreach (var b in bytes[..written])
        {
            value = (value << 8) | b;
        }

        return (value, written == 16);
    }
}
