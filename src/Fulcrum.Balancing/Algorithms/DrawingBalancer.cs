namespace Fulcrum.Balancing.Algorithms;

/// <summary>What the algorithms that draw lots have in common: random numbers, which go on after a change.</summary>
internal abstract class DrawingBalancer(Roster roster) : Balancer(roster)
{
    /// <summary>Draws before all candidates are looked at: most of them may be full.</summary>
    protected const int MaxDraws = 8;

    public sealed override BalancerState CreateState(ulong seed, BalancerState? previous = null) =>
        new DrawingState(this, previous is DrawingState old ? old.Prng : new Prng(seed));

    private protected sealed override int PickSlot(BalancerState state, in PickRequest request) =>
        PickSlot(ref ((DrawingState)state).Prng, request);

    private protected abstract int PickSlot(ref Prng prng, in PickRequest request);

    /// <summary>
    /// One of those that may be chosen, by weight, or -1. Each replaces the one before with the probability of its
    /// weight in the sum so far (Chao 1982), so that one pass is enough.
    /// </summary>
    private protected int DrawAllowed(ref Prng prng, in PickRequest request)
    {
        var drawn = -1;
        var sum = 0L;
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            if (Allows(slot, request))
            {
                sum += Roster.Weights[slot];
                drawn = prng.Below(sum) < Roster.Weights[slot] ? slot : drawn;
            }
        }

        return drawn;
    }
}
