using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// Highest random weight (Thaler and Ravishankar 1998): a hash of client and backend is a number u between 0 and 1, and
/// the backend with the highest <c>−weight / ln u</c> is chosen, which happens with the probability of its share
/// (Schindelhauer and Schomaker 2005). A backend that goes takes only its own clients along, one that comes takes its
/// share from all, and a change of weight moves clients only to or from the backend whose weight it is.
/// </summary>
/// <remarks>
/// Every pick looks at all backends. Among those of one weight the highest hash wins, so only one logarithm for each
/// weight is taken; it is our own (<see cref="Exponential"/>), since all nodes must agree on the last bit.
/// </remarks>
internal sealed class RendezvousBalancer : Balancer
{
    private readonly WeightGroup[] _groups;
    private readonly ulong[] _mixedKeys;

    public RendezvousBalancer(ReadOnlySpan<Candidate> candidates)
        : base(Roster.ByWeightThenKey(candidates))
    {
        _groups = WeightGroup.RunsOf(Roster.Weights);
        _mixedKeys = new ulong[Roster.Count];
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            _mixedKeys[slot] = Mixer.Mix(Roster.Keys[slot], 1);
        }
    }

    private protected override int PickSlot(BalancerState state, in PickRequest request)
    {
        var best = -1;
        var bestScore = 0.0;
        foreach (ref readonly var group in _groups.AsSpan())
        {
            var slot = HighestOf(group, request, out var hash);
            if (slot >= 0)
            {
                var score = group.Weight / Exponential.Of(hash);
                (best, bestScore) = score > bestScore ? (slot, score) : (best, bestScore);
            }
        }

        return best;
    }

    private int HighestOf(in WeightGroup group, in PickRequest request, out ulong highest)
    {
        var best = -1;
        highest = 0;
        for (var slot = group.Start; slot < group.Start + group.Count; slot++)
        {
            var hash = Mixer.Mix(request.ClientHash ^ _mixedKeys[slot]);
            if ((best < 0 || hash > highest) && Allows(slot, request))
            {
                (best, highest) = (slot, hash);
            }
        }

        return best;
    }
}
