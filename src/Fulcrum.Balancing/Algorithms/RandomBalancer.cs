namespace Fulcrum.Balancing.Algorithms;

/// <summary>One drawn by weight.</summary>
internal sealed class RandomBalancer : DrawingBalancer
{
    private readonly WeightLine _line;

    public RandomBalancer(ReadOnlySpan<Candidate> candidates)
        : base(Roster.InListOrder(candidates)) => _line = new WeightLine(Roster.Weights);

    private protected override int PickSlot(ref Prng prng, in PickRequest request)
    {
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var slot = _line.SlotAt(prng.Below(_line.Total));
            if (Allows(slot, request))
            {
                return slot;
            }
        }

        return DrawAllowed(ref prng, request);
    }
}
