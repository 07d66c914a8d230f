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
    private static readonly Meter Shared = new("fulcrum.checks");

    private readonly Meter _meter = new("fulcrum.checks");
    private readonly CheckCounters _counters;

    public CheckMeter(CheckCounters counters, ProbeGate gate)
    {
        _counters = counters;
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
            "Waiting for room."
        );
    }

    /// <summary>From the start of a probe to its result.</summary>
    public static Histogram<double> Duration { get; } =
        Shared.CreateHistogram<double>("fulcrum.check.duration", "s", "From the start of a probe to its result.");

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
