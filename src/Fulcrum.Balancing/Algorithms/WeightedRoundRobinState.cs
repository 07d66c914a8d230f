namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// What each backend is owed: <c>weight × turn − paid</c>, where a turn costs the total weight. The
/// numbers may wrap around; what is owed is small, so the difference is right all the same.
/// </summary>
internal sealed class WeightedRoundRobinState(Balancer owner, long[] paid, int[] heap) : BalancerState(owner)
{
    public long Turn { get; set; }

    /// <summary>By slot.</summary>
    public long[] Paid { get; } = paid;

    /// <summary>Slots, those of one weight together, arranged as a heap with the one owed most on top.</summary>
    public int[] Heap { get; } = heap;
}
