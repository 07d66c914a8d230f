using System.Threading.Channels;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Watching;
using Fulcrum.Loops;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Runs checks on an event loop of its own: one object and one timer for each question, no thread and no task
/// waiting anywhere. A probe has one deadline over all its phases. Rise and fall are true consecutive counts. Only
/// what changed is reported: the verdict, the score, and the share of good results where an upstream looks back on
/// them. A question that is asked again after a change keeps its counts, also when it is asked at other times.
/// <para>
/// What is our own fault condemns nobody: where this machine has no descriptor left, or looked too late, the result is
/// unclear, and unclear results change no verdict.
/// </para>
/// <para>
/// New checks start a millisecond apart, or so that all have started within one interval; after their first result
/// they spread by chance over the interval (<see cref="Pace"/>).
/// </para>
/// </summary>
public sealed class Prober : IProber, ICheckReader, IDisposable
{
    /// <summary>So many are read in one go, between which the loop does its work.</summary>
    private const int ReadAtOnce = 500;

    /// <summary>So many wait for somebody to read them; more are dropped.</summary>
    private const int MostProblems = 64;

    private readonly EventLoop _loop;
    private readonly CheckContext _context;
    private readonly ProbePlanner _planner;
    private readonly CheckMeter _meter;
    private readonly Dictionary<ProbeTask, ScheduledCheck> _checks = [];
    private Map<ProbeTask, ProbeTask> _tasks = Map<ProbeTask, ProbeTask>.Empty;
    private bool _disposed;
    private readonly LoopMeter _loopMeter;
    private readonly Channel<string> _problems;
    private long _droppedProblems;

    /// <param name="listener">Hears what is found, on the loop.</param>
    /// <param name="time">The clock of everything.</param>
    /// <param name="random">Draws jitter, identifiers and authenticators; used by the loop alone.</param>
    /// <param name="options">Bounds.</param>
    public Prober(IHealthListener listener, TimeProvider time, Random random, ProberOptions options)
    {
        _loop = new("health", new LoopOptions { MaxBuffers = 1 }, time);
        var counters = new CheckCounters();
        _context = new(_loop, time, random, new(options, _loop.Reactor), listener, new(), counters);
        _problems = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MostProblems) { FullMode = BoundedChannelFullMode.DropWrite },
            _ => Interlocked.Increment(ref _droppedProblems)
        );
        _planner = new(options.Node, _loop, time, problem => _problems.Writer.TryWrite(problem));
        _meter = new(counters, _context.Gate, options.MeterScope, () => Volatile.Read(ref _droppedProblems));
        _loopMeter = new(options.MeterScope, [_loop]);
    }

    /// <summary>What the loop itself counts.</summary>
    public LoopCounters Loop => _loop.Counters;

    /// <summary>What is wrong on this machine, for people: files for TLS that were changed and cannot be used.</summary>
    public ChannelReader<string> Problems => _problems.Reader;

    public void Apply(Map<ProbeTask, ProbeTask> tasks) => _loop.Post(_ => Replace(tasks), null);

    /// <summary>How many checks run; for tests and status.</summary>
    public Task<int> CountAsync() => _loop.InvokeAsync(() => _checks.Count);

    public async Task<IReadOnlyList<CheckReport>> ReadAsync(
        Func<ProbeTask, bool>? which,
        CancellationToken cancellation
    )
    {
        var checks = await _loop
            .InvokeAsync(() =>
                _checks.Where(pair => which?.Invoke(pair.Key) ?? true).Select(pair => pair.Value).ToList()
            )
            .WaitAsync(cancellation);
        var reports = new List<CheckReport>(checks.Count);
        foreach (var some in checks.Chunk(ReadAtOnce))
        {
            reports.AddRange(
                await _loop.InvokeAsync(() => some.Select(check => check.Read()).ToList()).WaitAsync(cancellation)
            );
        }

        return reports;
    }

    public IReadOnlyList<CheckTransition> TransitionsAfter(long sequence) => _context.Transitions.After(sequence);

    /// <summary>Completes when there is a change after this one.</summary>
    public Task WaitForTransitionAsync(long sequence) => _context.Transitions.WaitAsync(sequence);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _loop
            .InvokeAsync(() =>
            {
                Replace(Map<ProbeTask, ProbeTask>.Empty);
                _planner.Close();
            })
            .GetAwaiter()
            .GetResult();
        _loopMeter.Dispose();
        _loop.Dispose();
        _meter.Dispose();
    }

    private void Replace(Map<ProbeTask, ProbeTask> tasks)
    {
        var (gone, added) = (new Dictionary<ProbeQuestion, ScheduledCheck>(), new List<ProbeTask>());
        foreach (var (task, _, after) in tasks.ChangesSince(_tasks))
        {
            if (after is not null && _checks.TryGetValue(task, out var same))
            {
                same.Rename(after);
            }
            else if (after is not null)
            {
                added.Add(after);
            }
            else if (_checks.Remove(task, out var check) && !gone.TryAdd(ProbeQuestion.Of(task), check))
            {
                check.Stop();
            }
        }

        _tasks = tasks;
        var fresh = new List<ProbeTask>();
        foreach (var task in added)
        {
            // Perhaps the same is only asked at other times.
            if (gone.Remove(ProbeQuestion.Of(task), out var check))
            {
                _checks.Add(task, check);
                check.Retask(task);
            }
            else
            {
                fresh.Add(task);
            }
        }

        foreach (var check in gone.Values)
        {
            check.Stop();
        }

        Begin(fresh);
    }

    private void Begin(List<ProbeTask> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i];
            var check = new ScheduledCheck(task, _planner.Plan(task), _context);
            _checks.Add(task, check);
            check.Start((long)Math.Min(i, task.Interval.TotalMilliseconds * i / tasks.Count));
        }
    }
}
