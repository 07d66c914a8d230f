using Fulcrum.Engine.Events;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Health.Scheduling;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>
/// Tells events and log what checks find: a line for each change, and so many in a second at most, however many change
/// at once.
/// A task of its own, so that the prober's loop never waits for a log.
/// </summary>
internal sealed partial class CheckLog(Prober prober, Reconciler engine, ILogger log, TimeProvider time)
{
    private const int MostLines = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        var last = 0L;
        var problems = prober.Problems.WaitToReadAsync(stop).AsTask();
        while (true)
        {
            await Task.WhenAny(prober.WaitForTransitionAsync(last), problems).WaitAsync(stop);
            last = TellChanges(last);
            if (problems.IsCompleted)
            {
                TellProblems();
                problems = prober.Problems.WaitToReadAsync(stop).AsTask();
            }

            // What comes meanwhile is gathered.
            await Task.Delay(Pause, time, stop);
        }
    }

    /// <returns>The number of the last change that was looked at.</returns>
    private long TellChanges(long after)
    {
        var changes = prober.TransitionsAfter(after);
        if (changes.Count == 0)
        {
            return after;
        }

        var names = CheckNames.Of(engine.State);
        engine.Events.Add(CheckEvents.Of(changes, names));
        var (told, more) = CheckNews.Of(changes, after, names, MostLines);
        foreach (var news in told)
        {
            LogNews(log, news.IsBad ? LogLevel.Warning : LogLevel.Information, news.Text);
        }

        if (more > 0)
        {
            LogMore(log, more);
        }

        return changes[^1].Sequence;
    }

    private void TellProblems()
    {
        // No more than the prober keeps.
        while (prober.Problems.TryRead(out var problem))
        {
            LogProblem(log, problem);
        }
    }
}
