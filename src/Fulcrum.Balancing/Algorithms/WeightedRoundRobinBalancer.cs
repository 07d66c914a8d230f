namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// Smooth weighted round robin, the sequence of nginx (2012): at every turn each backend is owed its weight more, the
/// one owed most is chosen, and pays the total weight. Weights 5, 1, 1 give a a b a c a a; none is ever a whole turn
/// ahead of its share.
/// </summary>
/// <remarks>
/// nginx goes over all backends at every turn. Here what is owed is not added up but computed from the number of the
/// turn, and backends of one weight, among which only what they paid makes a difference, are kept in a heap. So a turn
/// costs the number of different weights, usually one or two, and the logarithm of the backends.
/// <para>
/// A backend that has been tried or is full lets its turn pass, and pays for it all the same: the others' shares stay in
/// proportion, and it has no claim to a burst when it has room again. If several turns pass in a row, the next of one
/// that may be chosen is looked for among all.
/// </para>
/// </remarks>
internal sealed class WeightedRoundRobinBalancer : Balancer
{
    private const int MaxPasses = 8;

    /// <summary>What is owed is counted in this part of a weight, so that it can be owed for a part of a turn.</summary>
    private const long Unit = 1024;

    /// <summary>Turns that the states of different loops may start apart: bounds the work of making one.</summary>
    private const ulong MaxStart = 1024;

    private readonly WeightGroup[] _groups;
    private readonly int[] _byWeight;
    private readonly int[] _groupOf;

    public WeightedRoundRobinBalancer(ReadOnlySpan<Candidate> candidates)
        : base(Roster.InListOrder(candidates))
    {
        var weights = Roster.Weights.ToArray();
        _byWeight = [.. Enumerable.Range(0, weights.Length)];
        Array.Sort(_byWeight, (a, b) => (weights[a], a).CompareTo((weights[b], b)));
        Array.Sort(weights);
        _groups = WeightGroup.RunsOf(weights);
        _groupOf = new int[weights.Length];
        for (var group = 0; group < _groups.Length; group++)
        {
            foreach (var slot in _byWeight.AsSpan(_groups[group].Start, _groups[group].Count))
            {
                _groupOf[slot] = group;
            }
        }
    }

    public override BalancerState CreateState(ulong seed, BalancerState? previous = null)
    {
        var state = new WeightedRoundRobinState(this, new long[Roster.Count], (int[])_byWeight.Clone());
        if (previous is WeightedRoundRobinState { Owner: WeightedRoundRobinBalancer before } old)
        {
            if (CarryOver(before, old, state))
            {
                return state;
            }
        }

        if (Roster.Count > 0)
        {
            // The sequence repeats after as many turns as the total weight.
            for (var turns = seed % Math.Min(MaxStart, (ulong)Roster.TotalWeight); turns > 0; turns--)
            {
                TakeTurn(state);
            }
        }

        return state;
    }

    private protected override int PickSlot(BalancerState state, in PickRequest request)
    {
        var turns = (WeightedRoundRobinState)state;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var slot = TakeTurn(turns);
            if (Allows(slot, request))
            {
                return slot;
            }
        }

        return TakeTurnAmongAllowed(turns, request);
    }

    private int TakeTurn(WeightedRoundRobinState state)
    {
        state.Turn++;
        var best = -1;
        var mostOwed = 0L;
        foreach (ref readonly var group in _groups.AsSpan())
        {
            var slot = state.Heap[group.Start];
            var owed = (group.Weight * Unit * state.Turn) - state.Paid[slot];
            if (best < 0 || owed > mostOwed || (owed == mostOwed && slot < best))
            {
                (best, mostOwed) = (slot, owed);
            }
        }

        state.Paid[best] += Roster.TotalWeight * Unit;
        ref readonly var chosen = ref _groups[_groupOf[best]];
        SiftDown(state.Heap.AsSpan(chosen.Start, chosen.Count), 0, state.Paid);
        return best;
    }

    /// <summary>
    /// Goes on at once to a turn of one that may be chosen. By then each of these would be owed its weight times the
    /// turns that pass for every one of theirs, while the others would pay as much as they are owed.
    /// </summary>
    private int TakeTurnAmongAllowed(WeightedRoundRobinState state, in PickRequest request)
    {
        var allowedWeight = 0L;
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            allowedWeight += Allows(slot, request) ? Roster.Weights[slot] : 0;
        }

        if (allowedWeight == 0)
        {
            return -1;
        }

        var turns = (double)Roster.TotalWeight / allowedWeight;
        var best = -1;
        var mostOwed = 0L;
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            if (!Allows(slot, request))
            {
                continue;
            }

            state.Paid[slot] -= (long)(Roster.Weights[slot] * turns * Unit);
            var owed = Owed(state, slot);
            if (best < 0 || owed > mostOwed)
            {
                (best, mostOwed) = (slot, owed);
            }
        }

        if (best >= 0)
        {
            state.Paid[best] += Roster.TotalWeight * Unit;
        }

        Arrange(state);
        return best;
    }

    private long Owed(WeightedRoundRobinState state, int slot) =>
        (Roster.Weights[slot] * Unit * state.Turn) - state.Paid[slot];

    /// <summary>
    /// Takes over what each backend was owed, as a part of a turn, since a turn costs more when the total weight is
    /// higher. Newcomers start at the mean of those who stay. False if none stays.
    /// </summary>
    private bool CarryOver(
        WeightedRoundRobinBalancer before,
        WeightedRoundRobinState old,
        WeightedRoundRobinState state
    )
    {
        var slots = before.Roster.SlotsByKey();
        var sum = Int128.Zero;
        var staying = new List<int>();
        var owed = new long[Roster.Count];
        for (var slot = 0; slot < Roster.Count; slot++)
        {
            if (slots.TryGetValue(Roster.Keys[slot], out var was))
            {
                var scaled = (Int128)before.Owed(old, was) * Roster.TotalWeight / before.Roster.TotalWeight;
                owed[slot] = (long)Int128.Max(scaled, -Roster.TotalWeight * Unit);
                sum += owed[slot];
                staying.Add(slot);
            }
        }

        foreach (var slot in staying)
        {
            state.Paid[slot] = (long)(sum / staying.Count) - owed[slot];
        }

        Arrange(state);
        return staying.Count > 0;
    }

    private void Arrange(WeightedRoundRobinState state)
    {
        foreach (ref readonly var group in _groups.AsSpan())
        {
            var heap = state.Heap.AsSpan(group.Start, group.Count);
            for (var place = (heap.Length / 2) - 1; place >= 0; place--)
            {
                SiftDown(heap, place, state.Paid);
            }
        }
    }

    private static void SiftDown(Span<int> heap, int place, long[] paid)
    {
        var slot = heap[place];
        for (int child; (child = (2 * place) + 1) < heap.Length; place = child)
        {
            if (child + 1 < heap.Length && IsBefore(heap[child + 1], heap[child], paid))
            {
                child++;
            }

            if (!IsBefore(heap[child], slot, paid))
            {
                break;
            }

            heap[place] = heap[child];
        }

        heap[place] = slot;
    }

    private static bool IsBefore(int a, int b, long[] paid)
    {
        var difference = paid[a] - paid[b];
        return difference < 0 || (difference == 0 && a < b);
    }
}
