using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Streams;

/// <summary>How it comes to a backend: by trying one after the other.</summary>
internal sealed partial class StreamSession<TIo>
{
    private int _index;

    private void GoTo(Destination destination, ReadOnlySpan<char> serverName)
    {
        if (destination.For(serverName) is not { } own)
        {
            Refuse(ref _cell.RefusedByName);
            return;
        }
        _destination = own;
        _clientHash = own.HashOf(_from);
        Connect();
    }

    private void Connect()
    {
        // Whoever waits already goes first; but they may all wait for other backends than those for the client's name.
        if (_destination.Plan is { Room.Waiting: > 0, Group: null })
        {
            WaitOrEnd();
        }
        else if (Assign() is { } backend)
        {
            GoTo(backend);
        }
        else
        {
            WaitOrEnd();
        }
    }

    private LoopBackend? Assign()
    {
        if (!ReferenceEquals(_triedPlan, _destination.Plan))
        {
            // Numbers of backends mean something within one plan only.
            _triedPlan = _destination.Plan;
            _triedCount = 0;
        }
        return _destination.Assign(this, _clientHash, Reactor.Microseconds, TriedNow, out _index);
    }

    private void GoTo(LoopBackend backend)
    {
        if (_attempts++ > 0)
        {
            _cell.Retries++;
            backend.Cell.Retries++;
            _isPaid = false;
        }
        _connect = _destination.Plan.ConnectOf(backend.State);
        var hasBegun = _connect.Means switch
        {
            ConnectMeans.Program => BeginProgram(backend),
            ConnectMeans.Pipe => BeginPipe(backend.State.Key.Path!),
            _ => BeginConnect(backend.State.Address),
        };
        if (!hasBegun)
        {
            ConnectFailed();
        }
    }

    private bool BeginConnect(in SocketAddress address)
    {
        var target = address.Port == 0 && address.Family != SocketFamily.Unix ? address.WithPort(_port) : address;
        var descriptor = _relay.Io.Open(_connect, target, _from, _connect.Tuning.OpensFast && HasData());
        if (descriptor < 0)
        {
            return false;
        }
        _server = new Side { Descriptor = descriptor, Token = Reactor.AddSocket(this, ServerTag) };
        _connectBegan = Reactor.Microseconds;
        var result = _relay.Io.Connect(descriptor, target);
        // Registered after connect(2): before it, the kernel reports a hang-up of the unused socket.
        var isOurs = ConnectPlan.IsOwnShortage(result);
        if (isOurs || (result is 0 or -(int)Errno.InProgress && _relay.Io.Register(descriptor, _server.Token) < 0))
        {
            Reactor.RemoveSocket(_server.Token);
            _ = _relay.Io.Reset(descriptor);
            _server = new Side { Descriptor = -1 };
            return false;
        }
        if (result is not (0 or -(int)Errno.InProgress))
        {
            return false;
        }
        Reactor.SetTimer(this, _destination.Plan.ConnectTimeout);
        return true;
    }

    /// <summary>Whether something is there to be sent to a backend as soon as it is connected to.</summary>
    private bool HasData() =>
        _connect.Header is not null || _relay.Io.Peek(_client.Descriptor, Reactor.Scratch[..1]) > 0;

    private bool FinishConnect(EpollEvents events)
    {
        if (_phase == SessionPhase.Securing)
        {
            return Secure(events);
        }
        // A hang-up alone is no failure: the backend at a Unix socket has said all, and closed, already.
        if ((events & EpollEvents.Error) != EpollEvents.None)
        {
            ConnectFailed();
            return false;
        }
        if (!_server.Writable)
        {
            return false;
        }
        if (_connect.Tls is { } tls)
        {
            return BeginSecuring(tls);
        }
        return Open();
    }

    /// <summary>There is a backend, and nothing stands between it and the client any more.</summary>
    private bool Open()
    {
        _phase = SessionPhase.Open;
        _connectTook = Reactor.Microseconds - _connectBegan;
        _connects.Record(DurationCell.OfConnects, _connectTook);
        _lastActivity = Reactor.Now;
        if (_connect.Means != ConnectMeans.Stream || _plan.KeepsMessages || HasTls)
        {
            BeginPieces();
        }
        if (!_awaitsAnswer)
        {
            Backend!.Succeed();
        }
        if (_connect.Header is { } header && _server.Tls is null)
        {
            SendHeader(header);
        }
        if (_route is { } route)
        {
            BeginStages(route);
        }
        Reactor.CancelTimer(this);
        if (_plan.IdleTimeout > 0)
        {
            Reactor.SetTimer(this, _plan.IdleTimeout);
        }
        return true;
    }

    private void ConnectFailed()
    {
        _phase = SessionPhase.Connecting;
        CountConnectFailure();
        if (ReferenceEquals(_triedPlan, _destination.Plan))
        {
            _tried[_triedCount++] = _index < 0 ? _destination.IndexOf(Backend!) : _index;
        }
        LeaveBackend();
        TryAnother();
    }

    /// <summary>The backend broke the connection before it had answered anything.</summary>
    private void NoteBroken()
    {
        if (_awaitsAnswer)
        {
            Backend!.Fail(_destination.Plan.EjectAfter);
        }
        else
        {
            Backend!.Break();
        }
    }

    private void LeaveBackend()
    {
        Reactor.CancelTimer(this);
        if (_server.Descriptor >= 0)
        {
            Reactor.RemoveSocket(_server.Token);
            if (_server.Tls is { HasFailed: true })
            {
                CloseInPeace(_server);
            }
            else
            {
                // Not in peace: a backend that accepts at the last moment must not take this for a client's end.
                _ = _relay.Io.Reset(_server.Descriptor);
            }
            _server.Tls?.Dispose();
            Drop(ref _server);
            _server = new Side { Descriptor = -1 };
        }
        LeaveProgram();
        Backend!.Remove(this);
    }

    private void CountConnectFailure()
    {
        _cell.ConnectFailures++;
        Backend!.Cell.ConnectFailures++;
        if (_server.Descriptor >= 0 || _connect.Means is ConnectMeans.Pipe or ConnectMeans.Program)
        {
            // Without a socket it is this machine that failed, unless it is the one where the backend is.
            Backend.Fail(_destination.Plan.EjectAfter);
        }
    }
}
