namespace Fulcrum.Balancing;

/// <summary>
/// The candidates that can be chosen at all (weight above 0), in the order an algorithm wants, as parallel arrays. A
/// place in it is a slot; an index is a place in the caller's list.
/// </summary>
internal sealed class Roster
{
    private readonly int[] _indices;
    private readonly int[] _weights;
    private readonly ulong[] _keys;

    private Roster(ReadOnlySpan<Candidate> candidates, int[] indices)
    {
        _indices = indices;
        _weights = new int[indices.Length];
        _keys = new ulong[indices.Length];
        for (var slot = 0; slot < indices.Length; slot++)
        {
            (_keys[slot], _weights[slot]) = candidates[indices[slot]];
            TotalWeight += _weights[slot];
        }
    }

    public int Count => _indices.Length;

    public long TotalWeight { get; }

    public ReadOnlySpan<int> Indices => _indices;

    public ReadOnlySpan<int> Weights => _weights;

    public ReadOnlySpan<ulong> Keys => _keys;

    public static Roster InListOrder(ReadOnlySpan<Candidate> candidates) => new(candidates, Choosable(candidates));

    /// <summary>Makes the choice independent of the order in which a node happens to hold the backends.</summary>
    public static Roster ByKey(ReadOnlySpan<Candidate> candidates)
    {
        var copy = candidates.ToArray();
        var indices = Choosable(candidates);
        Array.Sort(indices, (a, b) => (copy[a].Key, a).CompareTo((copy[b].Key, b)));
        return new Roster(candidates, indices);
    }

    public static Roster ByWeightThenKey(ReadOnlySpan<Candidate> candidates)
    {
        var copy = candidates.ToArray();
        var indices = Choosable(candidates);
        Array.Sort(indices, (a, b) => (copy[a].Weight, copy[a].Key, a).CompareTo((copy[b].Weight, copy[b].Key, b)));
        return new Roster(candidates, indices);
    }

    /// <summary>The slot of each key; of several with the same key, the first.</summary>
    public Dictionary<ulong, int> SlotsByKey()
    {
        var slots = new Dictionary<ulong, int>(Count);
        for (var slot = 0; slot < Count; slot++)
        {
            slots.TryAdd(_keys[slot], slot);
        }

        return slots;
    }

    private static int[] Choosable(ReadOnlySpan<Candidate> candidates)
    {
        var indices = new List<int>(candidates.Length);
        for (var index = 0; index < candidates.Length; index++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(candidates[index].Weight, nameof(candidates));
            if (candidates[index].Weight > 0)
            {
                indices.Add(index);
            }
        }

        return [.. indices];
    }
}
