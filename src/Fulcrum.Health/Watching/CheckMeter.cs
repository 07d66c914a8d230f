using System.Diagnostics.Metrics;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Scheduling;

namespace Fulcrum.Health.Watching;

/// <summary>
/// Metrics of checks. Labels are the kind of check (some twenty words) and the outcome or verdict (three): what is
/// exported does not grow with the configuration. What a single check finds is told by <see cref="ICheckReader"/>.
/// </summary>
internal sealed class CheckMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly CheckCounters _counters;

    /// <param name="scope">Whose checks these are; see <see cref="MeterOptions.Scope"/>.</param>
    /// <param name="drops">Problems for people that nobody read in time.</param>
    public CheckMeter(CheckCounters counters, ProbeGate gate, object? scope, Func<long> drops)
    {
        _counters = counters;
        _meter = new(new MeterOptions("fulcrum.checks") { Scope = scope });
        counters.Durations = _meter.CreateHistogram(
            "fulcrum.check.duration",
            "s",
            "From the start of a probe to its result.",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds }
        );
        _meter.CreateObservableCounter("fulcrum.check.results", Results, "{result}", "Results of probes.");
        _meter.CreateObservableUpDownCounter("fulcrum.checks", Checks, "{check}", "Checks by verdict.");
        _meter.CreateObservableCounter(
            "fulcrum.check.transitions",
            () => OfKinds(kind => kind.Transitions),
            "{transition}",
            "Changes of verdicts."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.checks.flapping",
            () => OfKinds(kind => kind.Flapping),
            "{check}",
            "Checks whose results keep changing."
        );
        _meter.CreateObservableUpDownCounter("fulcrum.probes", () => gate.Running, "{probe}", "Probes under way.");
        _meter.CreateObservableUpDownCounter(
            "fulcrum.probes.queued",
            () => gate.Queued,
            "{probe}",
            "Probes that wait for room."
        );
        _meter.CreateObservableUpDownCounter(
            "fulcrum.probes.limit",
            () => gate.Limit,
            "{probe}",
            "Probes that may be under way."
        );
        _meter.CreateObservableCounter(
            "fulcrum.probes.waited",
            () => gate.EverQueued,
            "{probe}",
            "Probes that had to wait for room."
        );
        _meter.CreateObservableCounter(
            "fulcrum.check.problems.dropped",
            drops,
            "{problem}",
            "Sentences about files of checks that were left out of the log, because too many came."
        );
    }

    private static double[] Bounds => [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static string WordFor(Outcome outcome) =>
        outcome switch
        {
            Outcome.Good => "good",
            Outcome.Bad => "bad",
            _ => "unclear",
        };

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Results() =>
        from kind in _counters.Kinds
        from outcome in Enum.GetValues<Outcome>()
        select new Measurement<long>(
            kind.Value.Results(outcome),
            new("kind", kind.Key),
            new("outcome", WordFor(outcome))
        );

    private IEnumerable<Measurement<long>> Checks() =>
        from kind in _counters.Kinds
        from verdict in Enum.GetValues<Verdict>()
        select new Measurement<long>(
            kind.Value.Checks(verdict),
            new("kind", kind.Key),
            new("verdict", verdict.ToString().ToLowerInvariant())
        );

    private IEnumerable<Measurement<long>> OfKinds(Func<KindCounters, long> count) =>
        _counters.Kinds.Select(kind => new Measurement<long>(
            count(kind.Value),
            new KeyValuePair<string, object?>("kind", kind.Key)
        ));
}
