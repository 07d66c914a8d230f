using System.Numerics;

namespace Fulcrum.Bench.Statistics;

/// <summary>
/// How often which duration was seen, without a sample for each: buckets whose width grows with the value, as in
/// HdrHistogram, so that any value is known to within one part in 128 and recording allocates nothing.
/// </summary>
internal sealed class Histogram
{
    private const int Precision = 7;
    private const int Buckets = (sizeof(long) * 8 - Precision) << Precision;

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    /// <summary>Counts a value; what is below zero counts as zero.</summary>
    public void Record(long value)
    {
        _counts[BucketOf(Math.Max(0, value))]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The smallest value such that this share of all is not above it, to within a bucket; 0 without any.</summary>
    public long Quantile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return LargestOf(bucket);
            }
        }

        return 0;
    }

    // A value keeps its leading bits; how many were cut off is the number of its group.
    private static int BucketOf(long value)
    {
        var cut = Math.Max(0, BitOperations.Log2((ulong)value) - Precision);
        return (cut << Precision) + (int)(value >> cut);
    }

    private static long LargestOf(int bucket)
    {
        var cut = Math.Max(0, (bucket >> Precision) - 1);
        var leading = (long)bucket - (cut << Precision);
        return ((leading + 1) << cut) - 1;
    }
}
