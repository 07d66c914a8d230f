namespace Fulcrum.Balancing.Algorithms;

/// <summary>
/// Two different backends are drawn by weight, and the one with fewer connections for its weight is chosen; the first
/// drawn if they are equal. The longest queue is then shorter by orders than with one draw (Mitzenmacher 2001), while
/// loops that do not see each other's newest connections do not all run to the same backend, as they do with least
/// connections.
/// </summary>
internal sealed class PowerOfTwoBalancer : DrawingBalancer
{
    private readonly WeightLine _line;

    public PowerOfTwoBalancer(ReadOnlySpan<Candidate> candidates)
        : base(Roster.InListOrder(candidates)) => _line = new WeightLine(Roster.Weights);

    private protected override int PickSlot(ref Prng prng, in PickRequest request)
    {
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var first = _line.SlotAt(prng.Below(_line.Total));
            var second = _line.Count == 1 ? first : DrawOther(ref prng, first);
            var (firstAllowed, secondAllowed) = (Allows(first, request), Allows(second, request));
            if (firstAllowed && secondAllowed)
            {
                return IsLessLoaded(second, first, request.Load) ? second : first;
            }

            if (firstAllowed || secondAllowed)
            {
                return firstAllowed ? first : second;
            }
        }

        return DrawAllowed(ref prng, request);
    }

    /// <summary>Draws from the line without the part of <paramref name="first"/>.</summary>
    private int DrawOther(ref Prng prng, int first)
    {
        var start = _line.StartOf(first);
        var end = _line.EndOf(first);
        var point = prng.Below(_line.Total - (end - start));
        return _line.SlotAt(point < start ? point : point + (end - start));
    }

    private bool IsLessLoaded(int a, int b, ILoad load) =>
        (long)load.ActiveOf(Roster.Indices[a]) * Roster.Weights[b]
        < (long)load.ActiveOf(Roster.Indices[b]) * Roster.Weights[a];
}
