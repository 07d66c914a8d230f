namespace Fulcrum.Balancing.Algorithms;

/// <summary>The hash modulo the total weight, on the line of the weights in the order of the keys.</summary>
internal sealed class SourceHashBalancer : RehashingBalancer
{
    private readonly WeightLine _line;

    public SourceHashBalancer(ReadOnlySpan<Candidate> candidates)
        : base(candidates) => _line = new WeightLine(Roster.Weights);

    private protected override int SlotOf(ulong hash) => _line.SlotAt((long)(hash % (ulong)_line.Total));
}
