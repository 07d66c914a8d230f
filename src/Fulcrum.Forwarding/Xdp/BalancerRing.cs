using Fulcrum.Balancing;
using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>What a vip's ring holds: for each slot the number of a backend, by Maglev.</summary>
internal static class BalancerRing
{
    /// <summary>A prime with slots enough for hundreds of backends.</summary>
    public const int DefaultSlots = 65_537;

    /// <param name="backends">Numbers, and what they are to the ring; weight 0 is left out.</param>
    /// <param name="slots">A prime.</param>
    /// <returns>Full of 0, which is nobody, if none is left.</returns>
    public static uint[] Build(IReadOnlyList<(uint Number, Candidate Candidate)> backends, int slots = DefaultSlots)
    {
        var ring = new uint[slots];
        var table = MaglevTable.Build(backends.Select(backend => backend.Candidate).ToArray(), slots);
        for (var slot = 0; slot < table.Length; slot++)
        {
            ring[slot] = backends[table[slot]].Number;
        }

        return ring;
    }
}
