using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Watching;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// One question, asked again and again. Its one timer is the deadline while a probe is under way, over all its phases,
/// and the start of the next probe otherwise. Lives on the prober's loop.
/// </summary>
internal sealed class ScheduledCheck : LoopObject, IProbeOwner
{
    /// <summary>A deadline that comes so much too late says more of us than of the backend.</summary>
    private const long LateMilliseconds = 100;

    private readonly CheckContext _context;
    private readonly Func<IProbeOwner, Probe> _open;
    private readonly KindCounters _counters;
    private RecentResults _recent = new();
    private ResultHistory _history;
    private VerdictCounter _verdict;
    private FlapDetector _flaps;
    private CheckHealth _health = CheckHealth.Unknown;
    private Probe? _probe;
    private string? _warning;
    private long _results;
    private long _transitions;
    private long _started;
    private long _due;
    private bool _wasExcused;

    public ScheduledCheck(ProbeTask task, Func<IProbeOwner, Probe> open, CheckContext context)
    {
        (Task, _open, _context) = (task, open, context);
        _verdict = new(task.Rise, task.Fall);
        _history = new(task.Samples);
        _counters = context.Counters.Of(task.Probe.Kind);
        _counters.Enter(Verdict.Unknown);
        Host = context.Gate.Join(task);
    }

    public ProbeTask Task { get; private set; }

    public CheckActivity Activity { get; private set; } = CheckActivity.Paused;

    /// <summary>Whom it asks.</summary>
    public ProbedHost Host { get; }

    /// <summary>Where it waits for room; null: it does not.</summary>
    public LinkedListNode<ScheduledCheck>? Place { get; set; }

    /// <summary>The lower, the longer it has waited.</summary>
    public long Ticket { get; set; }

    private Reactor Reactor => _context.Loop.Reactor;

    private ProbeGate Gate => _context.Gate;

    /// <summary>Asks for the first time after so many milliseconds.</summary>
    public void Start(long delay)
    {
        if (!Task.Paused)
        {
            Wait(delay);
        }
    }

    public void Stop()
    {
        Rest();
        _counters.Leave(_verdict.Verdict);
        if (_flaps.IsFlapping)
        {
            _counters.Flap(false);
        }

        Gate.Part(Host);
    }

    /// <summary>An equal task, under which others know it from now on.</summary>
    public void Rename(ProbeTask task) => Task = task;

    /// <summary>The same question, at other times or with other counts.</summary>
    public void Retask(ProbeTask task)
    {
        var former = Task;
        Task = task;
        _verdict = _verdict.With(task.Rise, task.Fall);
        if (former.Samples != task.Samples)
        {
            _history = new(task.Samples);
        }

        if (task.Paused)
        {
            Rest();
        }
        else if (Activity == CheckActivity.Paused)
        {
            Wait(0);
        }
        else if (Activity == CheckActivity.Waiting && former != task)
        {
            // Who was never asked keeps his place among those that begin.
            var left = _due - Reactor.Now;
            Wait(_started == 0 ? left : Math.Min(left, UntilNext(isFirst: false)));
        }

        if (_health.Verdict != Verdict.Unknown)
        {
            _context.Listener.OnHealth(Task, _health);
        }
    }

    public CheckReport Read() =>
        new()
        {
            Task = Task,
            Health = _health,
            Activity = Activity,
            NextIn =
                Activity == CheckActivity.Waiting ? TimeSpan.FromMilliseconds(Math.Max(0, _due - Reactor.Now)) : null,
            InARow = _verdict.InARow,
            Results = _results,
            Transitions = _transitions,
            IsFlapping = _flaps.IsFlapping,
            Warning = _warning,
            Recent = _recent.Read(_context.Time),
        };

    protected override void OnTimer()
    {
        if (Activity == CheckActivity.Waiting)
        {
            if (Gate.TryEnter(this))
            {
                Ask();
            }
            else
            {
                Activity = CheckActivity.Queued;
            }
        }
        else if (_probe is not null)
        {
            // Whoever was held up does not know; but the second time in a row he had better believe it.
            var late = Reactor.Now - _due;
            var excuse =
                late > LateMilliseconds && !_wasExcused
                    ? $"this machine looked {late} ms too late for an answer"
                    : null;
            _wasExcused = excuse is not null;
            // One that hands over at the last moment gives no more time.
            while (_probe is { } probe)
            {
                probe.Expire(excuse);
            }
        }
    }

    // There is room now.
    protected override void OnTurn() => Ask();

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnFault(Exception fault)
    {
        if (_probe is not null)
        {
            _probe.Fail(fault);
        }
        else if (Activity == CheckActivity.Asking)
        {
            ((IProbeOwner)this).OnFinished(ProbeResult.Unclear(fault.Message), default);
        }
    }

    void IProbeOwner.OnHandedOver(Probe next)
    {
        _probe = next;
        next.Start();
    }

    void IProbeOwner.OnFinished(ProbeResult result, ProbePhases phases)
    {
        _probe = null;
        Gate.Leave(Host);
        var isFirst = _results == 0;
        try
        {
            Count(result, phases);
        }
        finally
        {
            // Whatever those who are told make of it, it is asked again.
            Wait(UntilNext(isFirst));
        }
    }

    private void Ask()
    {
        Activity = CheckActivity.Asking;
        _started = _context.Time.GetTimestamp();
        _due = Reactor.Now + (long)Math.Ceiling(Task.Timeout.TotalMilliseconds);
        Reactor.SetTimer(this, _due - Reactor.Now);
        _probe = _open(this);
        _probe.Start();
    }

    private void Wait(long milliseconds)
    {
        Activity = CheckActivity.Waiting;
        _due = Math.Max(Reactor.Now, Pace.Align(Reactor.Now + milliseconds, Task.Interval));
        Reactor.SetTimer(this, _due - Reactor.Now);
    }

    private void Rest()
    {
        if (Place is not null)
        {
            Gate.GiveUp(this);
        }
        else if (Activity is CheckActivity.Asking or CheckActivity.Queued)
        {
            // Let in already, even where its turn has not come.
            _probe?.Abandon();
            _probe = null;
            Gate.Leave(Host);
        }

        Reactor.Forget(this);
        Activity = CheckActivity.Paused;
    }

    // From now; the interval is from start to start.
    private long UntilNext(bool isFirst)
    {
        var interval = Pace.Next(Task, _verdict, isFirst, _context.Random);
        return (long)(interval - _context.Time.GetElapsedTime(_started)).TotalMilliseconds;
    }

    private void Count(ProbeResult result, ProbePhases phases)
    {
        var took = _context.Time.GetElapsedTime(_started);
        _results++;
        _recent.Add(_context.Time.GetTimestamp(), result, phases);
        _counters.Count(result.Outcome, took);
        if (result.Outcome == Outcome.Unclear)
        {
            if (_verdict.Verdict == Verdict.Unknown && _health.Reason != result.Reason)
            {
                Report(CheckHealth.Unknown with { Reason = result.Reason });
            }

            return;
        }

        var good = result.Outcome == Outcome.Good;
        _wasExcused = false;
        _warning = good ? result.Warning : _warning;
        var before = _verdict.Verdict;
        var turned = _verdict.Add(good);
        var shifted = _history.Add(good);
        var wasFlapping = _flaps.IsFlapping;
        Watch(good);
        var score = good ? result.Score : _health.Score;
        var health = new CheckHealth(
            _verdict.Verdict,
            turned ? _context.Time.GetUtcNow() : _health.Since,
            result.Reason,
            good ? took : null
        )
        {
            Score = score,
            GoodShare = _history.GoodShare,
        };
        if (turned)
        {
            _transitions++;
            _counters.Turn(before, _verdict.Verdict);
        }

        if (turned || _flaps.IsFlapping != wasFlapping)
        {
            var (now, isFlapping) = (_context.Time.GetUtcNow(), _flaps.IsFlapping);
            _context.Transitions.Add(sequence =>
                new(sequence, now, Task, before, health.Verdict, health.Reason, wasFlapping, isFlapping)
            );
        }

        if (turned || shifted || score != _health.Score)
        {
            Report(health);
        }
        else
        {
            _health = health;
        }
    }

    private void Watch(bool good)
    {
        var wasFlapping = _flaps.IsFlapping;
        _flaps.Add(good);
        if (_flaps.IsFlapping != wasFlapping)
        {
            _counters.Flap(_flaps.IsFlapping);
        }
    }

    private void Report(CheckHealth health)
    {
        _health = health;
        _context.Listener.OnHealth(Task, health);
    }
}
