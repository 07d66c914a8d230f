using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Scheduling;

/// <summary>The last results of a check, for people. Small: there are tens of thousands of these.</summary>
internal struct RecentResults
{
    /// <summary>So many are kept.</summary>
    public const int Kept = 10;

    private Entry[] _entries = [];
    private int _next;

    public RecentResults() { }

    /// <param name="stamp">Of the monotonic clock: the other one may jump.</param>
    public void Add(long stamp, ProbeResult result, ProbePhases phases)
    {
        if (_entries.Length < Kept && _next == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(Kept, Math.Max(2, _next * 2)));
        }

        _entries[_next] = new(
            stamp,
            result.Outcome,
            result.Reason,
            Seconds(phases.Connect),
            Seconds(phases.Tls),
            Seconds(phases.Answer)
        );
        _next = (_next + 1) % Kept;
    }

    /// <summary>The newest first.</summary>
    public readonly Items<CheckResult> Read(TimeProvider time)
    {
        var now = time.GetUtcNow();
        var results = new List<CheckResult>(_entries.Length);
        for (var back = 1; back <= Kept; back++)
        {
            var at = (_next - back + Kept) % Kept;
            if (at < _entries.Length && _entries[at].Reason is not null)
            {
                results.Add(_entries[at].Read(now, time));
            }
        }

        return Items.From(results);
    }

    private static float Seconds(TimeSpan? phase) => phase is { } span ? (float)span.TotalSeconds : float.NaN;

    private readonly record struct Entry(
        long Stamp,
        Outcome Outcome,
        string Reason,
        float Connect,
        float Tls,
        float Answer
    )
    {
        public CheckResult Read(DateTimeOffset now, TimeProvider time) =>
            new(
                now - time.GetElapsedTime(Stamp),
                Outcome switch
                {
                    Outcome.Good => true,
                    Outcome.Bad => false,
                    _ => null,
                },
                Reason,
                Span(Connect),
                Span(Tls),
                Span(Answer)
            );

        private static TimeSpan? Span(float seconds) =>
            float.IsNaN(seconds) ? null : TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));
    }
}
