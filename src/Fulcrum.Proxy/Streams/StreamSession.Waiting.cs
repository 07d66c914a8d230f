using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Waiting;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// What it does while it has no backend: it waits in line for a place on one, or pauses before it tries another, or gives
/// up. A client that closes its connection meanwhile may have sent all it has to say, so only one that resets it is taken
/// out of the line.
/// </summary>
internal sealed partial class StreamSession<TIo>
{
    private WaitingLine? _line;
    private bool _isPausing;
    private bool _isPaid;
    private long _waitsUntil;

    public override bool IsChoosy => _triedCount > 0 || _destination.Plan.Group is not null;

    private ReadOnlySpan<int> TriedNow =>
        ReferenceEquals(_triedPlan, _destination.Plan) ? ((ReadOnlySpan<int>)_tried)[.._triedCount] : [];

    public override bool TryProceed()
    {
        if (_phase == SessionPhase.Crowded)
        {
            StartHandshake([]);
            return true;
        }
        if (Assign() is { } backend)
        {
            LeaveLine();
            GoTo(backend);
            return true;
        }
        if (_destination.MayHaveRoomLater(TriedNow))
        {
            return false;
        }
        EndUnserved();
        return true;
    }

    private void ForgetAttempts()
    {
        _triedPlan = null;
        _triedCount = _attempts = 0;
        _waitsUntil = 0;
        _isPaid = false;
    }

    /// <summary>The timer of a session that is not connected has come.</summary>
    private void HaveWaited()
    {
        if (_isPausing)
        {
            LeaveLine();
            Connect();
        }
        else if (_line is not null)
        {
            _cell.QueueTimeouts++;
            _end = SessionEnd.QueueTimeout;
            Abort();
        }
        else
        {
            ConnectFailed();
        }
    }

    /// <summary>There is no place for it now.</summary>
    private void WaitOrEnd()
    {
        var plan = _destination.Plan;
        if (plan.Room is not { } room || !_relay.LetsWait || !_destination.MayHaveRoomLater(TriedNow))
        {
            EndUnserved();
            return;
        }
        // However often it comes to wait, it is not for longer in all.
        _waitsUntil = _waitsUntil == 0 ? Reactor.Now + plan.QueueTimeout : _waitsUntil;
        var line = _relay.LineOf(room);
        if (!line.TryAdd(this, plan.QueueSize))
        {
            _cell.RefusedByQueue++;
            _end = SessionEnd.QueueFull;
            Abort();
            return;
        }
        _line = line;
        Reactor.SetTimer(this, Math.Max(0, _waitsUntil - Reactor.Now));
    }

    /// <summary>A backend has failed it.</summary>
    private void TryAnother()
    {
        var plan = _destination.Plan;
        // What the route says goes before what the upstream says, but for the budget.
        var (attempts, wait) = _retry is { } own ? DestinationPlan.AttemptsOf(own) : (plan.Attempts, plan.RetryWait);
        if (_attempts >= attempts || !_destination.MayHaveRoomLater(TriedNow))
        {
            EndUnserved();
        }
        else if (!IsWithin(plan))
        {
            _cell.RetriesDenied++;
            EndUnserved();
        }
        else if (wait == 0 || !_relay.LetsWait)
        {
            Connect();
        }
        else
        {
            _isPausing = true;
            _relay.Pausing.Add(this);
            Reactor.SetTimer(this, wait);
        }
    }

    /// <summary>Pays for another attempt.</summary>
    private bool IsWithin(DestinationPlan plan)
    {
        if (plan.Budget is { } budget && _plan.Service.Retries is { } retries)
        {
            _isPaid = retries.TrySpend(budget.Share, budget.Minimum, Reactor.Microseconds);
            return _isPaid;
        }
        return true;
    }

    private void EndUnserved()
    {
        if (_attempts == 0)
        {
            _cell.RefusedUnserved++;
        }
        _end = SessionEnd.Unserved;
        Abort();
    }

    private void LeaveLine()
    {
        if (_isPausing)
        {
            _isPausing = false;
            _relay.Pausing.Remove(this);
            Reactor.CancelTimer(this);
        }
        else if (_line is { } line)
        {
            _line = null;
            line.Remove(this);
            Reactor.CancelTimer(this);
        }
    }

    /// <summary>What was paid for an attempt that was not made.</summary>
    private void Refund()
    {
        if (_isPaid)
        {
            _isPaid = false;
            _plan.Service.Retries?.Refund(Reactor.Microseconds);
        }
    }
}
