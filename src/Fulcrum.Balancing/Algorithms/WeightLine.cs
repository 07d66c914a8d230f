namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// The weights laid end to end on a line from 0 to their total: a point on it falls into a slot with the probability of
/// the slot's weight.
/// </summary>
internal sealed class WeightLine
{
    private readonly long[] _ends;

    public WeightLine(ReadOnlySpan<int> weights)
    {
        _ends = new long[weights.Length];
        foreach (var weight in weights)
        {
            _ends[Count++] = Total += weight;
        }
    }

    public int Count { get; }

    public long Total { get; }

    public long StartOf(int slot) => slot == 0 ? 0 : _ends[slot - 1];

    public long EndOf(int slot) => _ends[slot];

    /// <summary>The slot in which the point, 0 to below <see cref="Total"/>, lies.</summary>
    public int SlotAt(long point)
    {
        var (low, high) = (0, _ends.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = point < _ends[middle] ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
