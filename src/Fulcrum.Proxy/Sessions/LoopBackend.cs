using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Loops.Scheduling;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// One backend of one service as one loop has it: its sessions, its counters, and while it drains the timer that
/// ends what is left.
/// </summary>
internal sealed class LoopBackend : LoopObject
{
    private readonly Reactor _reactor;
    private readonly Action<ServiceBackend, string> _complain;
    private readonly int _loop;
    private BackendSession? _first;
    private long _due = TimerWheel.Never;

    /// <param name="complain">Told of who fails too often, and how.</param>
    public LoopBackend(ServiceBackend state, Reactor reactor, int loop, Action<ServiceBackend, string> complain)
    {
        State = state;
        _complain = complain;
        Cell = state.Cells[loop];
        _reactor = reactor;
        _loop = loop;
        state.OnLoops[loop] = this;
    }

    public ServiceBackend State { get; }

    public SessionCell Cell { get; }

    /// <summary>How this loop's generation describes it; null when it is gone from there.</summary>
    public PlaneBackend? Backend { get; set; }

    /// <summary>How many connections have to succeed, by this loop's generation; null: that does not matter.</summary>
    public SuccessRate? SuccessRate { get; set; }

    /// <summary>Whether new sessions may begin, and sessions without a connection (UDP) may stay.</summary>
    public bool Serves => Backend is { Duty: BackendDuty.Serve } && !IsOver;

    /// <summary>Whether a client may begin a session that had its last one here.</summary>
    public bool AdmitsRemembered => Backend is { Duty: BackendDuty.Serve } or { AdmitsRemembered: true } && !IsOver;

    /// <summary>Whether it may serve, and has room.</summary>
    public bool HasRoom =>
        Backend is { Duty: BackendDuty.Serve } backend
        && !IsOver
        && (backend.MaxConnections is null || State.HasRoom(Limit, Resume));

    public bool HasSessions => _first is not null;

    /// <summary>Its drain has ended: nothing would end who comes now.</summary>
    private bool IsOver => _reactor.Now >= _due;

    private int Limit => Backend?.MaxConnections ?? int.MaxValue;

    private int Resume => Backend?.ResumeConnections ?? 0;

    /// <summary>Takes a session, unless the backend is full.</summary>
    public bool TryAdd(BackendSession session)
    {
        if (!State.TryEnter(Limit, Resume))
        {
            return false;
        }
        session.Backend = this;
        session.PreviousOfBackend = null;
        session.NextOfBackend = _first;
        if (_first is not null)
        {
            _first.PreviousOfBackend = session;
        }
        _first = session;
        Cell.Active++;
        Cell.Total++;
        return true;
    }

    /// <summary>It took a connection, or answered a session for the first time.</summary>
    public void Succeed()
    {
        State.Succeed();
        Count(connections: 1, failures: 0);
    }

    /// <summary>It did not take a connection.</summary>
    /// <param name="limit">After so many in a row somebody is told; 0: nobody.</param>
    public void Fail(int limit)
    {
        Count(connections: 1, failures: 1);
        if (State.Fail(limit))
        {
            Settle();
            _complain(State, limit == 1 ? "a connection failed" : $"{limit} connections in a row failed");
        }
        else
        {
            Judge();
        }
    }

    /// <summary>It took a connection, and reset it before it had answered anything.</summary>
    public void Break()
    {
        Count(connections: 0, failures: 1);
        Judge();
    }

    private void Count(uint connections, uint failures)
    {
        if (SuccessRate is { } rule)
        {
            State.Outcomes[_loop].Count(OutcomeBoard.SliceAt(rule, _reactor.Now), connections, failures);
        }
    }

    private void Settle()
    {
        if (SuccessRate is not null)
        {
            State.Outcomes.Settle(_reactor.Now);
        }
    }

    private void Judge()
    {
        if (SuccessRate is { } rule && State.Outcomes.Judge(rule, _reactor.Now) is { } what)
        {
            _complain(State, what);
        }
    }

    public void Remove(BackendSession session)
    {
        if (session.PreviousOfBackend is null)
        {
            _first = session.NextOfBackend;
        }
        else
        {
            session.PreviousOfBackend.NextOfBackend = session.NextOfBackend;
        }
        if (session.NextOfBackend is not null)
        {
            session.NextOfBackend.PreviousOfBackend = session.PreviousOfBackend;
        }
        session.NextOfBackend = session.PreviousOfBackend = null;
        session.Backend = null;
        Cell.Active--;
        State.Leave();
    }

    /// <summary>Lets sessions finish until the deadline, unless they have less time already.</summary>
    /// <param name="deadline">From now; when there is no time left, they end before this turn does.</param>
    public void Drain(TimeSpan deadline)
    {
        var left = Math.Max(0, (long)Math.Ceiling(deadline.TotalMilliseconds));
        if (_reactor.Now + left >= _due)
        {
            return;
        }
        _due = _reactor.Now + left;
        if (left > 0)
        {
            _reactor.SetTimer(this, left);
        }
        else
        {
            _reactor.MakeReady(this);
        }
    }

    /// <summary>Nothing ends the sessions any more.</summary>
    public void CancelDrain()
    {
        _due = TimerWheel.Never;
        _reactor.Forget(this);
    }

    /// <summary>Ends every session.</summary>
    public void AbortAll()
    {
        while (_first is { } session)
        {
            session.Abort();
        }
    }

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnTimer() => AbortAll();

    protected override void OnTurn() => AbortAll();

    protected override void OnFault(Exception fault) { }
}
