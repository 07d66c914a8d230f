namespace Fulcrum.Balancing.Algorithms;

/// <summary>The first in the order written that may be chosen; weights other than 0 do not matter.</summary>
internal sealed class FirstBalancer(ReadOnlySpan<Candidate> candidates) : Balancer(Roster.InListOrder(candidates))
{
    private protected override int PickSlot(BalancerState state, in PickRequest request) => FirstAllowed(0, request);
}
