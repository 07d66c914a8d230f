using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Runs checks on an event loop of its own: one object and one timer for each question, no thread and no task
/// waiting anywhere. A probe has one deadline over all its phases. Rise and fall are true consecutive counts. Only
/// what changed is reported: the verdict, and the share of good results where an upstream looks back on them. A
/// question that is asked again after a change keeps its counts and its schedule.
/// <para>
/// New checks start a millisecond apart, so that a thousand of them are a steady trickle and stay one.
/// </para>
/// </summary>
public sealed class Prober : IProber, IDisposable
{
    private readonly EventLoop _loop;
    private readonly IHealthListener _listener;
    private readonly TimeProvider _time;
    private readonly Dictionary<ProbeTask, ScheduledCheck> _checks = [];

    public Prober(IHealthListener listener, TimeProvider time)
    {
        _listener = listener;
        _time = time;
        _loop = new("health", new LoopOptions { MaxBuffers = 1 }, time);
    }

    public void Apply(Map<ProbeTask, ProbeTask> tasks) => _loop.Post(_ => Replace(tasks), null);

    /// <summary>How many checks run; for tests and status.</summary>
    public Task<int> CountAsync() => _loop.InvokeAsync(() => _checks.Count);

    public void Dispose()
    {
        _loop.InvokeAsync(() => Replace(Map<ProbeTask, ProbeTask>.Empty)).GetAwaiter().GetResult();
        _loop.Dispose();
    }

    private void Replace(Map<ProbeTask, ProbeTask> tasks)
    {
        foreach (var (task, check) in _checks)
        {
            if (!tasks.ContainsKey(task))
            {
                check.Stop();
                _checks.Remove(task);
            }
        }

        var delay = 0L;
        foreach (var task in tasks.Values)
        {
            if (!_checks.ContainsKey(task))
            {
                var check = new ScheduledCheck(task, _loop, _time, _listener);
                _checks.Add(task, check);
                check.Start(delay++ % Math.Max(1, (long)task.Interval.TotalMilliseconds));
            }
        }
    }
}
