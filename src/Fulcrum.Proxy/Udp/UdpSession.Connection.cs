using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Carrying;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// What it does where its backend has connections: it tries one backend after the other as a stream does, while a
/// <see cref="StreamCarrier"/> keeps what its client has sent. The end of the connection is not the session's: the next
/// datagram chooses again.
/// </summary>
internal sealed partial class UdpSession : ICarried
{
    private StreamCarrier? _carrier;
    private int[]? _tried;
    private DestinationPlan? _triedPlan;
    private int _triedCount;
    private int _attempts;
    private long _connectBegan;
    private long _connectTook;
    private bool _hasAnswered;

    private bool IsCarried => _carrier is { IsBusy: true };

    private bool IsOwing => _carrier is { Owes: true };

    private ReadOnlySpan<int> TriedNow =>
        ReferenceEquals(_triedPlan, _destination?.Plan) ? _tried.AsSpan(0, _triedCount) : [];

    void ICarried.OnConnected()
    {
        _attempts = _triedCount = 0;
        _refusedIndex = NoIndex;
        _connectTook = Reactor.Microseconds - _connectBegan;
        // That was a success; what it answers is no other one.
        _answeredBy = Backend;
        _hasAnswered = false;
        Backend!.Succeed();
    }

    void ICarried.OnConnectFailed()
    {
        Refused();
        _ = TryAnother();
    }

    void ICarried.OnPaused() => _ = ConnectAgain();

    void ICarried.OnEnded(bool isBroken)
    {
        if (isBroken && !_hasAnswered)
        {
            Backend!.Break();
        }
        LeaveBackend();
        GiveUp();
    }

    void ICarried.OnSent(int bytes)
    {
        CountSent(bytes);
        if (IsDetached && _plan.UdpResponses == 0 && !IsOwing)
        {
            // That was the last one, and no answers are wanted.
            Finish();
        }
    }

    bool ICarried.OnReceived(ReadOnlySpan<byte> datagram)
    {
        _hasAnswered = true;
        Touch();
        NoteAnswer();
        Admit(datagram);
        return !EndWhenSated();
    }

    void ICarried.OnLost() => CountReplyDropped();

    void ICarried.OnFault() => End();

    private void SendOverConnection(ReadOnlySpan<byte> datagram)
    {
        if (!_carrier!.TrySend(datagram))
        {
            Cell.DroppedUnsent++;
        }
    }

    /// <summary>Begins a connection to the backend that was chosen, or to another. False: there is none.</summary>
    private bool BeginConnection(ConnectPlan plan, SocketKind kind, in SocketAddress target)
    {
        _carrier ??= new StreamCarrier(_relay.Loop, this);
        (_inTrains, RepliesInTrains) = (false, false);
        _attempts++;
        _connectBegan = Reactor.Microseconds;
        if (_carrier.Connect(plan, kind, target, Client, _destination!.Plan.ConnectTimeout, out var hasSocket))
        {
            return true;
        }
        if (hasSocket)
        {
            Refused();
        }
        else
        {
            // It is this machine that failed, not the backend.
            NoteRefusal();
            LeaveBackend();
        }
        return TryAnother();
    }

    /// <summary>A backend has failed it. False: it is not tried any more.</summary>
    private bool TryAnother()
    {
        var plan = _destination!.Plan;
        if (!ReferenceEquals(_triedPlan, plan))
        {
            // Numbers of backends mean something within one plan only.
            (_triedPlan, _triedCount) = (plan, 0);
        }
        _tried ??= new int[DestinationPlan.MaxAttempts];
        if (_attempts >= plan.Attempts || _triedCount == _tried.Length)
        {
            return GiveUp();
        }
        _tried[_triedCount++] = _refusedIndex;
        if (plan.RetryWait > 0)
        {
            _carrier!.Pause(plan.RetryWait);
            return true;
        }
        return ConnectAgain();
    }

    private bool ConnectAgain()
    {
        var (budget, retries) = (_destination?.Plan.Budget, Service.Retries);
        var isPaid = budget is not null && retries is not null;
        if (isPaid && !retries!.TrySpend(budget!.Share, budget.Minimum, Reactor.Microseconds))
        {
            Cell.RetriesDenied++;
            return GiveUp();
        }
        if (Assign(TriedNow) is not { } backend)
        {
            if (isPaid)
            {
                retries!.Refund(Reactor.Microseconds);
            }
            return GiveUp();
        }
        Cell.Retries++;
        backend.Cell.Retries++;
        var isThere = Connect(backend);
        if (!IsCarried)
        {
            // That backend has no connections, or there is none: it gets what comes from now on.
            Discard();
        }
        return isThere;
    }

    /// <summary>What has waited for a connection goes nowhere.</summary>
    private bool GiveUp()
    {
        Discard();
        if (IsDetached)
        {
            // No datagram of the client's will choose another backend.
            Finish();
        }
        return false;
    }

    private void Discard()
    {
        Cell.DroppedUnsent += _carrier?.Discard() ?? 0;
        _attempts = _triedCount = 0;
    }
}
