namespace Fulcrum.Bench.Statistics;

internal static class Median
{
    /// <summary>The value in the middle, or what is between the two in the middle.</summary>
    public static double Of(IEnumerable<double> values) => OfSorted([.. values.Order()]);

    /// <summary>The same of values that are in order.</summary>
    public static double OfSorted(ReadOnlySpan<double> values)
    {
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
