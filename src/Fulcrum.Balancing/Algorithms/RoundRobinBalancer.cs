namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// Each in turn. A backend that cannot take its turn is passed over, and the turn after it comes next, so the others
/// keep equal shares among themselves. After a change the turn goes on at the backend it had come to, or at the first
/// after that which is still there.
/// </summary>
internal sealed class RoundRobinBalancer(ReadOnlySpan<Candidate> candidates) : Balancer(Roster.InListOrder(candidates))
{
    public override BalancerState CreateState(ulong seed, BalancerState? previous = null)
    {
        if (Roster.Count == 0)
        {
            return new RoundRobinState(this, 0);
        }

        var carried = previous is RoundRobinState { Owner: RoundRobinBalancer before } state
            ? SlotAfterChange(before.Roster, state.Next)
            : -1;
        return new RoundRobinState(this, carried >= 0 ? carried : (int)(seed % (ulong)Roster.Count));
    }

    private protected override int PickSlot(BalancerState state, in PickRequest request)
    {
        var turn = (RoundRobinState)state;
        var slot = FirstAllowed(turn.Next, request);
        if (slot >= 0)
        {
            turn.Next = slot + 1 == Roster.Count ? 0 : slot + 1;
        }

        return slot;
    }

    private int SlotAfterChange(Roster before, int next)
    {
        var slots = Roster.SlotsByKey();
        for (var step = 0; step < before.Count; step++)
        {
            if (slots.TryGetValue(before.Keys[(next + step) % before.Count], out var slot))
            {
                return slot;
            }
        }

        return -1;
    }
}
