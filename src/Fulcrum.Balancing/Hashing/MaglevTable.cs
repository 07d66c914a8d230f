namespace Fulcrum.Balancing.Hashing;

/// <summary>
/// Maglev's lookup table (Eisenbud et al., NSDI 2016, section 3.4), for planes in user space and in the kernel.
/// </summary>
/// <remarks>
/// The size M is a prime. Every backend has its own permutation of the entries, from two hashes of its key:
/// <c>(offset + j × skip) mod M</c>. In turn, each claims the next entry of its permutation that is free, until all are
/// taken. When a backend goes, most claims of the others fall as before, so few entries change besides its own: under
/// 3 % of all with 100 entries for each backend, as measured, and fewer with more.
/// <para>
/// Weights decide how many entries each claims: its share of M, and at least one; and when: the claim c of a backend with q entries comes at time c/q. With equal weights this is the
/// paper's round robin. The order is that of the keys, so that the table depends on nothing but keys and weights.
/// </para>
/// </remarks>
public static class MaglevTable
{
    /// <summary>No table is larger: 4 MB.</summary>
    public const int MaxSize = 1_048_583;

    /// <summary>Entries for each member, so that shares are even to one percent.</summary>
    private const int EntriesPerMember = 100;

    private const int RankBits = 20;
    private const int TimeBits = 40;

    private static readonly int[] Sizes = [1021, 4093, 16_381, 65_537, 262_147, MaxSize];

    /// <summary>
    /// The default size: the smallest of 1021, 4093, 16381, 65537, 262147 and 1048583 that has 100 entries for each
    /// member; else the last.
    /// </summary>
    public static int SizeFor(int members)
    {
        foreach (var size in Sizes)
        {
            if (size / EntriesPerMember >= members)
            {
                return size;
            }
        }

        return MaxSize;
    }

    /// <summary>The index of a candidate for each of <paramref name="size"/> entries; empty if all weights are 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A negative weight, too many candidates, or a size that is not a prime from 2 to <see cref="MaxSize"/>.
    /// </exception>
    public static int[] Build(ReadOnlySpan<Candidate> candidates, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates.Length, Balancer.MaxCandidates, nameof(candidates));
        var roster = Roster.ByKey(candidates);
        var table = Fill(roster, size);
        foreach (ref var entry in table.AsSpan())
        {
            entry = roster.Indices[entry];
        }

        return table;
    }

    /// <summary>The same with slots of a roster that is in the order of the keys.</summary>
    internal static int[] Fill(Roster roster, int size)
    {
        if (size > MaxSize || !IsPrime(size))
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"not a prime from 2 to {MaxSize}");
        }

        if (roster.Count == 0)
        {
            return [];
        }

        var quotas = Quotas(roster, size);
        var positions = new int[roster.Count];
        var skips = new int[roster.Count];
        var claims = new int[roster.Count];
        var turns = new PriorityQueue<int, long>(roster.Count);
        for (var slot = 0; slot < roster.Count; slot++)
        {
            positions[slot] = (int)(Mixer.Mix(roster.Keys[slot], 1) % (ulong)size);
            skips[slot] = (int)(Mixer.Mix(roster.Keys[slot], 2) % ((ulong)size - 1)) + 1;
            if (quotas[slot] > 0)
            {
                turns.Enqueue(slot, TimeOf(1, quotas[slot], slot));
            }
        }

        var table = new int[size];
        Array.Fill(table, -1);
        while (turns.TryDequeue(out var slot, out _))
        {
            var position = positions[slot];
            while (table[position] >= 0)
            {
                position += skips[slot];
                position -= position >= size ? size : 0;
            }

            table[position] = slot;
            positions[slot] = position;
            if (++claims[slot] < quotas[slot])
            {
                turns.Enqueue(slot, TimeOf(claims[slot] + 1, quotas[slot], slot));
            }
        }

        return table;
    }

    private static long TimeOf(int claim, int quota, int rank) =>
        (((long)claim << TimeBits) / quota << RankBits) | (uint)rank;

    /// <summary>
    /// How many entries each slot gets; their sum is <paramref name="size"/>. The lightest come first: as long as one has
    /// no right to a whole entry it gets one. The others divide the rest, each within one of its share of that.
    /// </summary>
    private static int[] Quotas(Roster roster, int size)
    {
        var order = Enumerable.Range(0, roster.Count).ToArray();
        var weights = roster.Weights.ToArray();
        Array.Sort(order, (a, b) => (weights[a], a).CompareTo((weights[b], b)));
        var quotas = new int[roster.Count];
        var entries = size;
        var weight = roster.TotalWeight;
        var next = 0;
        for (; next < order.Length && weights[order[next]] * (long)entries < weight; next++)
        {
            quotas[order[next]] = Math.Min(1, entries);
            entries -= quotas[order[next]];
            weight -= weights[order[next]];
        }

        var given = 0;
        var weightSoFar = 0L;
        foreach (var slot in order.AsSpan(next))
        {
            weightSoFar += weights[slot];
            quotas[slot] = (int)((Int128)weightSoFar * entries / weight) - given;
            given += quotas[slot];
        }

        return quotas;
    }

    private static bool IsPrime(int number)
    {
        for (var divisor = 2; divisor <= number / divisor; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return number >= 2;
    }
}
