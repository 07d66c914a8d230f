using Fulcrum.Balancing;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>What a vip's ring follows from: who gets new flows, with which numbers.</summary>
internal sealed record RingPlan(Items<(uint Number, Candidate Candidate)> Members, int Slots)
{
    /// <param name="vip">Whose.</param>
    /// <param name="numberOf">Of a backend's identity.</param>
    public static RingPlan Of(WantedVip vip, Func<string, uint> numberOf) =>
        new(
            Items.From(
                vip.Backends.Where(backend => backend.Weight > 0)
                    .Select(backend =>
                        (
                            numberOf(backend.Identity),
                            // The same on every node, whatever number it has there.
                            new Candidate(StableHash.Of($"{backend.Address}:{backend.Port}"), backend.Weight)
                        )
                    )
            ),
            // Those without weight count: a ring that keeps its size is swapped in one step.
            MaglevTable.SizeFor(vip.Backends.Count)
        );

    public uint[] Build() => BalancerRing.Build(Members, Slots);
}
