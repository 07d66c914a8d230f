using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Loops.Scheduling;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// One backend of one service as one loop has it: its sessions, its counters, and while it drains the timer that
/// ends what is left.
/// </summary>
internal sealed class LoopBackend : LoopObject
{
    private readonly Reactor _reactor;
    private readonly Action<ServiceBackend, string> _complain;
    private BackendSession? _first;
    private long _due = TimerWheel.Never;

    /// <param name="complain">Told of who fails too often, and how.</param>
    public LoopBackend(ServiceBackend state, Reactor reactor, int loop, Action<ServiceBackend, string> complain)
    {
        State = state;
        _complain = complain;
        Cell = state.Cells[loop];
        _reactor = reactor;
        state.OnLoops[loop] = this;
    }

    public ServiceBackend State { get; }

    public SessionCell Cell { get; }

    /// <summary>How this loop's generation describes it; null when it is gone from there.</summary>
    public PlaneBackend? Backend { get; set; }

    /// <summary>Whether new sessions may begin, and sessions without a connection (UDP) may stay.</summary>
    public bool Serves => Backend is { Duty: BackendDuty.Serve };

    /// <summary>Whether a client may begin a session that had its last one here.</summary>
    public bool AdmitsRemembered => Backend is { Duty: BackendDuty.Serve } or { AdmitsRemembered: true };

    /// <summary>Whether it may serve, and has room.</summary>
    public bool HasRoom =>
        Backend is { Duty: BackendDuty.Serve } backend
        && (backend.MaxConnections is null || State.HasRoom(Limit, Resume));

    public bool HasSessions => _first is not null;

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

    /// <summary>It did not take a session.</summary>
    /// <param name="limit">After so many in a row somebody is told; 0: nobody.</param>
    public void Fail(int limit)
    {
        if (State.Fail(limit))
        {
            _complain(State, limit == 1 ? "a connection failed" : $"{limit} connections in a row failed");
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
