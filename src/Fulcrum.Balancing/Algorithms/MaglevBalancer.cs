using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Algorithms;

/// <summary>The entry of the hash in a <see cref="MaglevTable"/>.</summary>
internal sealed class MaglevBalancer : RehashingBalancer
{
    private readonly int[] _table;

    public MaglevBalancer(ReadOnlySpan<Candidate> candidates, BalancerOptions options)
        : base(candidates) =>
        _table = MaglevTable.Fill(
            Roster,
            options.MaglevTableSize ?? MaglevTable.SizeFor(Math.Max(options.Members, candidates.Length))
        );

    private protected override int SlotOf(ulong hash) => _table[hash % (ulong)_table.Length];
}
