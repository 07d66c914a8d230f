namespace Fulcrum.Balancing.Algorithms;

/// <summary>Candidates of one weight: <paramref name="Count"/> places from <paramref name="Start"/>.</summary>
internal readonly record struct WeightGroup(long Weight, int Start, int Count)
{
    /// <summary>The runs of equal weights.</summary>
    public static WeightGroup[] RunsOf(ReadOnlySpan<int> sortedWeights)
    {
        var groups = new List<WeightGroup>();
        for (var start = 0; start < sortedWeights.Length; )
        {
            var rest = sortedWeights[start..];
            var length = rest.IndexOfAnyExcept(rest[0]);
            groups.Add(new WeightGroup(rest[0], start, length < 0 ? rest.Length : length));
            start += groups[^1].Count;
        }

        return [.. groups];
    }
}
