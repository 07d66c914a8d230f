using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;

namespace Fulcrum.Health.Watching;

/// <summary>
/// What a prober counts, by kind of check. Kinds are few and fixed, so that what is exported is bounded however many
/// checks there are. The loop writes, others read each number for itself.
/// </summary>
internal sealed class CheckCounters
{
    private readonly ConcurrentDictionary<string, KindCounters> _kinds = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, KindCounters>> Kinds => _kinds;

    /// <summary>Where each probe's duration is told; null: nowhere.</summary>
    public Histogram<double>? Durations { get; set; }

    public KindCounters Of(string kind) => _kinds.GetOrAdd(kind, name => new(name, this));
}

/// <summary>Of one kind.</summary>
internal sealed class KindCounters(string kind, CheckCounters all)
{
    private readonly long[] _results = new long[3];
    private readonly long[] _checks = new long[3];

    /// <summary>Changes of a verdict.</summary>
    public long Transitions { get; private set; }

    public long Flapping { get; private set; }

    public long Results(Outcome outcome) => Volatile.Read(ref _results[(int)outcome]);

    /// <summary>Checks with this verdict.</summary>
    public long Checks(Verdict verdict) => Volatile.Read(ref _checks[(int)verdict]);

    public void Count(Outcome outcome, TimeSpan took)
    {
        _results[(int)outcome]++;
        all.Durations?.Record(
            took.TotalSeconds,
            new KeyValuePair<string, object?>("kind", kind),
            new("outcome", CheckMeter.WordFor(outcome))
        );
    }

    public void Enter(Verdict verdict) => _checks[(int)verdict]++;

    public void Leave(Verdict verdict) => _checks[(int)verdict]--;

    public void Turn(Verdict from, Verdict to)
    {
        Leave(from);
        Enter(to);
        Transitions++;
    }

    public void Flap(bool isFlapping) => Flapping += isFlapping ? 1 : -1;
}
