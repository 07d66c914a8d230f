namespace Fulcrum.Bench.Statistics;

/// <summary>
/// How far the median of a few rounds can be trusted: rounds are drawn again and again with replacement, and the
/// medians of the draws are looked at (Efron's percentile bootstrap). What is drawn are ratios of two contenders in the
/// same round, so what slows the machine for a while is in both of its terms. The draws are the same each time: the same
/// rounds give the same interval.
/// </summary>
internal static class Bootstrap
{
    private const int Draws = 10_000;
    private const int Seed = 1;

    /// <summary>The interval that holds the median with a confidence, 0.9 for 90 %.</summary>
    public static Interval OfMedian(IReadOnlyList<double> values, double confidence)
    {
        var random = new Random(Seed);
        var medians = new double[Draws];
        var drawn = new double[values.Count];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = values[random.Next(drawn.Length)];
            }

            Array.Sort(drawn);
            medians[draw] = Median.OfSorted(drawn);
        }

        Array.Sort(medians);
        var outside = (1 - confidence) / 2;
        var low = (int)(outside * Draws);
        return new Interval(medians[low], Median.Of(values), medians[Draws - 1 - low]);
    }
}
