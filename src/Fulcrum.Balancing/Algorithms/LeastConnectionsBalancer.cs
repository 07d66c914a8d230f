namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// The fewest connections for its weight, of all. Ties are drawn by weight: an idle upstream gives each backend its
/// share from the start, and several loops do not take the same way through it.
/// </summary>
internal sealed class LeastConnectionsBalancer(ReadOnlySpan<Candidate> candidates)
    : DrawingBalancer(Roster.InListOrder(candidates))
{
    private protected override int PickSlot(ref Prng prng, in PickRequest request)
    {
        var best = -1;
        var (bestActive, bestWeight, tiedWeight) = (0L, 0L, 0L);
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            var weight = Roster.Weights[slot];
            long active = request.Load.ActiveOf(Roster.Indices[slot]);
            var difference = best < 0 ? -1 : (active * bestWeight).CompareTo(bestActive * weight);
            if (difference > 0 || !Allows(slot, request))
            {
                continue;
            }

            tiedWeight = difference < 0 ? weight : tiedWeight + weight;
            if (difference < 0 || prng.Below(tiedWeight) < weight)
            {
                (best, bestActive, bestWeight) = (slot, active, weight);
            }
        }

        return best;
    }
}
