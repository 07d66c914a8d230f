using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>The samples of one row, by contender, one for each round; and what they come to.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    public void Add(string contender, Sample sample)
    {
        if (!_samples.TryGetValue(contender, out var samples))
        {
            _samples[contender] = samples = [];
        }

        samples.Add(sample);
    }

    public double Median(string contender, Func<Sample, double> value) => Median(_samples[contender].Select(value));

    public long Errors(string contender) => _samples[contender].Sum(sample => sample.Errors);

    /// <summary>
    /// The median over the rounds of one contender's value divided by the other's in the same round: what slows the
    /// machine for a while slows both.
    /// </summary>
    public double MedianRatio(string contender, string to, Func<Sample, double> value) =>
        Median(_samples[contender].Zip(_samples[to], (one, other) => value(one) / value(other)));

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
