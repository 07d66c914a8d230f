using Fulcrum.Engine.Ports;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// When a check asks next. From start to start it is the interval, or less: a tenth at most is taken off by chance, so
/// that checks that once fell together part again, and nobody waits longer than his interval. After the first result
/// comes a part of the interval, by chance, which spreads those that began together over all of it.
/// </summary>
internal static class Pace
{
    /// <summary>The share of an interval that chance takes off at most.</summary>
    public const double Jitter = 0.1;

    /// <summary>
    /// An interval has so many moments at which checks start. Those of one moment share a wake of the loop, which is most
    /// of what a small probe costs; more at once would wait for each other and look slow.
    /// </summary>
    private const int Moments = 500;

    /// <summary>From the start of the last probe to that of the next.</summary>
    public static TimeSpan Next(ProbeTask task, in VerdictCounter verdict, bool isFirst, Random random)
    {
        var interval = Interval(task, verdict);
        return isFirst ? interval * random.NextDouble() : interval * (1 - (Jitter * random.NextDouble()));
    }

    /// <summary>The last moment that is not later: nobody waits longer than his interval.</summary>
    public static long Align(long due, TimeSpan interval) =>
        due - (due % Math.Max(1, (long)interval.TotalMilliseconds / Moments));

    /// <summary>Without chance.</summary>
    public static TimeSpan Interval(ProbeTask task, in VerdictCounter verdict)
    {
        if (verdict.Against > 0)
        {
            return task.FastInterval ?? task.Interval;
        }

        if (task.DownInterval is not { } most || verdict.Verdict != Verdict.Unhealthy)
        {
            return task.Interval;
        }

        // It grows once it is out for good, not while it may only have hiccuped.
        var doublings = Math.Min(verdict.InARow / task.Fall, 30);
        var grown = task.Interval * Math.Pow(2, Math.Max(0, doublings - 1));
        return grown < most ? grown : most;
    }
}
