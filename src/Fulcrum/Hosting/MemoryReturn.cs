using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;

namespace Fulcrum.Hosting;

/// <summary>
/// A start needs much more memory than what comes of it: the file, the first decisions, the first word of every check.
/// Once checks have come to rest it is given back to the machine. That stops everything for a moment (some 90 ms where
/// 20,000 checks are), so it happens only while nobody is being served; else the collector does it by and by.
/// </summary>
internal sealed class MemoryReturn(Prober prober, IPlane plane, TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    /// <summary>Some checks never come to rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task RunAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var (last, isMoving) = (0L, true);
        while (isMoving && time.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(Rest, time, stop);
            var changes = prober.TransitionsAfter(last);
            isMoving = changes.Count > 0;
            last = isMoving ? changes[^1].Sequence : last;
        }

        if (plane.Observe().Services.All(service => service.Counters.Active == 0))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
