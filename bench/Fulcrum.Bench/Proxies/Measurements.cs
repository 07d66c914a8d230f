using Fulcrum.Bench.Statistics;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>The samples of one row, by contender, one for each round; and what they come to.</summary>
internal sealed class Measurements
{
    private const double Confidence = 0.9;

    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    /// <summary>Those that were measured, in the order of their first sample.</summary>
    public IEnumerable<string> Contenders => _samples.Keys;

    public void Add(string contender, Sample sample)
    {
        if (!_samples.TryGetValue(contender, out var samples))
        {
            _samples[contender] = samples = [];
        }

        samples.Add(sample);
    }

    public bool Has(string contender) => _samples.ContainsKey(contender);

    public double Median(string contender, Func<Sample, double> value) =>
        Statistics.Median.Of(_samples[contender].Select(value));

    public long Errors(string contender) => _samples[contender].Sum(sample => sample.Errors);

    /// <summary>All that connections of a contender have agreed on.</summary>
    public IEnumerable<string> Agreed(string contender) =>
        _samples[contender].Select(sample => sample.Agreed).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// One contender's value divided by the other's in the same round, over all rounds: what slows the machine for a
    /// while slows both.
    /// </summary>
    public Interval Ratio(string contender, string to, Func<Sample, double> value) =>
        Bootstrap.OfMedian(
            [.. _samples[contender].Zip(_samples[to], (one, other) => value(one) / value(other))],
            Confidence
        );
}
