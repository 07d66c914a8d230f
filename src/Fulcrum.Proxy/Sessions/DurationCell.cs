using System.Runtime.CompilerServices;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// One loop's histogram of one service: fixed bounds, plain additions, no memory beside its own. Only that loop writes;
/// others read each number without a lock and sum over the loops.
/// </summary>
internal sealed class DurationCell
{
    /// <summary>Bounds of every histogram; the bucket after them takes the rest.</summary>
    private const int Bounds = 6;

    private Buckets _counts;
    private long _microseconds;

    /// <summary>In microseconds: from a backend next door to one that answers the second SYN only.</summary>
    public static Items<long> OfConnects { get; } = [1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000];

    /// <summary>In microseconds: from a question with its answer to what stays for hours.</summary>
    public static Items<long> OfLengths { get; } =
    [100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000];

    public void Record(Items<long> bounds, long microseconds)
    {
        var bucket = 0;
        while (bucket < Bounds && microseconds > bounds[bucket])
        {
            bucket++;
        }
        _counts[bucket]++;
        _microseconds += microseconds;
    }

    /// <summary>One cell for each loop.</summary>
    public static DurationCell[] Many(int loops)
    {
        var cells = new DurationCell[loops];
        for (var loop = 0; loop < loops; loop++)
        {
            cells[loop] = new DurationCell();
        }
        return cells;
    }

    public static DurationCounts Sum(DurationCell[] cells, Items<long> bounds)
    {
        Span<long> counts = stackalloc long[Bounds + 1];
        counts.Clear();
        var microseconds = 0L;
        foreach (var cell in cells)
        {
            for (var bucket = 0; bucket <= Bounds; bucket++)
            {
                counts[bucket] += Volatile.Read(ref cell._counts[bucket]);
            }
            microseconds += Volatile.Read(ref cell._microseconds);
        }
        return new(bounds, Items.Create<long>(counts), microseconds);
    }

    [InlineArray(Bounds + 1)]
    private struct Buckets
    {
        private long _first;
    }
}
