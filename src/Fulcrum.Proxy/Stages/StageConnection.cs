using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Streams;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// A stage's own connection to a backend of another upstream: a session of that backend like any other, which its balancer
/// and its limits count. When connecting fails another backend is tried as that upstream has it; where all are full nobody
/// waits. What the backend does not take at once is kept in one buffer, and until that is gone nothing more is sent.
/// </summary>
internal abstract class StageConnection(StageContext context) : BackendSession
{
    private const int NoTag = 0;
    private const int Nowhere = -1;

    private readonly Destination _destination = context.Destination!;
    private ConnectPlan _connect = ConnectPlan.Plain;
    private DestinationPlan? _triedPlan;
    private int[] _tried = [];
    private int _triedCount;
    private int _attempts;
    private int _index;
    private bool _isPaid;
    private int _descriptor = Nowhere;
    private ulong _token;
    private bool _isConnected;
    private bool _isReadable;
    private bool _isWritable;
    private bool _isShut;
    private byte[]? _owed;
    private bool _owedIsOwn;
    private int _start;
    private int _end;

    public override SocketAddress Client => context.Host.Client;

    protected StageContext Context => context;

    /// <summary>It was given up, or never was.</summary>
    protected bool IsClosed { get; private set; }

    /// <summary>Something was not taken yet.</summary>
    protected bool IsOwing => _owed is not null;

    /// <summary>Nothing more will be sent.</summary>
    protected bool IsFinishing { get; private set; }

    /// <summary>What is sent goes at once, or some of it.</summary>
    protected bool CanTake => _isConnected && _isWritable && !IsOwing && !IsFinishing;

    private ISocketIo Io => context.Host.Io;

    private ReadOnlySpan<int> TriedNow =>
        ReferenceEquals(_triedPlan, _destination.Plan) ? _tried.AsSpan(0, _triedCount) : [];

    /// <summary>Turns to a backend.</summary>
    public void Connect()
    {
        if (!ReferenceEquals(_triedPlan, _destination.Plan))
        {
            // Numbers of backends mean something within one plan only.
            (_triedPlan, _triedCount) = (_destination.Plan, 0);
        }
        var host = context.Host;
        var hash = _destination.HashOf(host.Client);
        if (_destination.Assign(this, hash, host.Reactor.Microseconds, TriedNow, out _index) is not { } backend)
        {
            OnLost();
            return;
        }
        if (_attempts++ > 0)
        {
            backend.Cell.Retries++;
            _isPaid = false;
        }
        if (!BeginConnect(backend))
        {
            ConnectFailed();
        }
    }

    /// <summary>Nothing more comes: its backend is told so when it has all.</summary>
    public void Finish()
    {
        IsFinishing = true;
        if (_isConnected && !IsOwing)
        {
            Shut();
        }
    }

    public override void Describe(out SessionSight sight) =>
        sight = new()
        {
            Plan = context.Host.Plan,
            Backend = Backend?.State,
            Client = context.Host.Client,
        };

    /// <summary>There is no backend for it, or it broke: whatever is to be done then.</summary>
    protected abstract void OnLost();

    /// <summary>Its backend has something to say, takes something again, or has closed.</summary>
    protected abstract void OnNews(EpollEvents events);

    /// <summary>Its backend has taken so much.</summary>
    protected virtual void CountSent(int bytes) { }

    /// <summary>Sends what goes at once; how much that was, or the negative errno of a connection that is broken.</summary>
    protected int Send(ReadOnlySpan<byte> data)
    {
        if (!CanTake)
        {
            return 0;
        }
        var sent = Io.Send(_descriptor, data);
        _isWritable = sent == data.Length;
        if (sent < 0)
        {
            return sent == -(int)Errno.TryAgain ? 0 : sent;
        }
        CountSent(sent);
        return sent;
    }

    /// <summary>Keeps what was not taken behind what is kept already. False: there is no room for it.</summary>
    /// <param name="mayMakeRoom">The caller reads less when the loop has no buffers left, so that a small one will do.</param>
    protected bool TryKeep(ReadOnlySpan<byte> rest, bool mayMakeRoom)
    {
        if (rest.IsEmpty)
        {
            return true;
        }
        if (_owed is null)
        {
            _owed = context.Host.Reactor.Buffers.TryRent();
            _owedIsOwn = _owed is null && mayMakeRoom;
            _owed ??= _owedIsOwn ? new byte[rest.Length] : null;
        }
        if (_owed is null || rest.Length > _owed.Length - (_end - _start))
        {
            return false;
        }
        if (rest.Length > _owed.Length - _end)
        {
            _owed.AsSpan(_start, _end - _start).CopyTo(_owed);
            (_start, _end) = (0, _end - _start);
        }
        rest.CopyTo(_owed.AsSpan(_end));
        _end += rest.Length;
        return true;
    }

    /// <summary>Reads what its backend says: so many bytes, 0 at the end, or a negative errno.</summary>
    protected int Receive(Span<byte> buffer)
    {
        if (!_isConnected || !_isReadable)
        {
            return -(int)Errno.TryAgain;
        }
        var count = Io.Receive(_descriptor, buffer);
        _isReadable = count > 0;
        return count;
    }

    /// <summary>Lets go of everything.</summary>
    /// <param name="inPeace">Else its backend sees a broken connection, and takes nothing for whole that is not.</param>
    protected void Release(bool inPeace)
    {
        IsClosed = true;
        context.Host.Reactor.Forget(this);
        CloseSocket(inPeace);
        Drop();
        Backend?.Remove(this);
        Memory.Leave(context.Host.Reactor.Microseconds);
        if (_isPaid)
        {
            _isPaid = false;
            context.Host.Plan.Service.Retries?.Refund(context.Host.Reactor.Microseconds);
        }
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (!_isConnected && !FinishConnect(events))
        {
            return;
        }
        _isReadable |= (events & ~EpollEvents.Writable) != EpollEvents.None;
        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            _isWritable = true;
            if (!TryFlush())
            {
                OnLost();
                return;
            }
        }
        OnNews(events);
    }

    protected override void OnTimer()
    {
        if (_descriptor >= 0)
        {
            ConnectFailed();
        }
        else
        {
            Connect();
        }
    }

    protected override void OnFault(Exception fault) => OnLost();

    private bool BeginConnect(LoopBackend backend)
    {
        var host = context.Host;
        var target = backend.State.Address;
        target = target.Port == 0 && target.Family != SocketFamily.Unix ? target.WithPort(host.Port) : target;
        _connect = _destination.Plan.ConnectOf(backend.State);
        _descriptor = Io.Open(_connect, target, host.Client, hasData: _connect.Header is not null);
        if (_descriptor < 0)
        {
            return false;
        }
        _token = host.Reactor.AddSocket(this, NoTag);
        // Registered after connect(2): before it, the kernel reports a hang-up of the unused socket.
        if (
            Io.Connect(_descriptor, target) is not (0 or -(int)Errno.InProgress)
            || Io.Register(_descriptor, _token) < 0
        )
        {
            return false;
        }
        host.Reactor.SetTimer(this, _destination.Plan.ConnectTimeout);
        return true;
    }

    private bool FinishConnect(EpollEvents events)
    {
        if ((events & EpollEvents.Error) != EpollEvents.None)
        {
            ConnectFailed();
            return false;
        }
        if ((events & EpollEvents.Writable) == EpollEvents.None)
        {
            return false;
        }
        _isConnected = true;
        context.Host.Reactor.CancelTimer(this);
        Backend!.Succeed();
        return _connect.Header is null || TrySendHeader();
    }

    /// <summary>First of all bytes; a new connection has room for them.</summary>
    private bool TrySendHeader()
    {
        var scratch = context.Host.Reactor.Scratch;
        var length = context.Host.WriteHeader(_connect.Header!, scratch);
        var isWhole = Io.Send(_descriptor, scratch[..length]) == length;
        if (!isWhole)
        {
            OnLost();
        }
        return isWhole;
    }

    /// <summary>Sends what is owed. False: the connection is broken.</summary>
    private bool TryFlush()
    {
        if (_owed is not null)
        {
            var owed = _owed.AsSpan(_start, _end - _start);
            var sent = Io.Send(_descriptor, owed);
            if (sent < 0 && sent != -(int)Errno.TryAgain)
            {
                return false;
            }
            _isWritable = sent == owed.Length;
            _start += Math.Max(0, sent);
            CountSent(Math.Max(0, sent));
            if (!_isWritable)
            {
                return true;
            }
            Drop();
        }
        if (IsFinishing)
        {
            Shut();
        }
        return true;
    }

    /// <summary>Once: the kernel reports each shutdown, whether it changes anything or not, and each report leads here.</summary>
    private void Shut()
    {
        if (!_isShut)
        {
            _isShut = true;
            _ = Io.ShutdownWrite(_descriptor);
        }
    }

    private void ConnectFailed()
    {
        var backend = Backend!;
        backend.Cell.ConnectFailures++;
        if (_descriptor >= 0)
        {
            // Without a socket it is this machine that failed.
            backend.Fail(_destination.Plan.EjectAfter);
        }
        if (ReferenceEquals(_triedPlan, _destination.Plan))
        {
            Array.Resize(ref _tried, _triedCount + 1);
            _tried[_triedCount++] = _index < 0 ? _destination.IndexOf(backend) : _index;
        }
        CloseSocket(inPeace: false);
        context.Host.Reactor.CancelTimer(this);
        backend.Remove(this);
        TryAnother();
    }

    private void TryAnother()
    {
        var plan = _destination.Plan;
        if (_attempts >= plan.Attempts || !_destination.MayHaveRoomLater(TriedNow) || !IsWithin(plan))
        {
            OnLost();
        }
        else if (plan.RetryWait == 0)
        {
            Connect();
        }
        else
        {
            context.Host.Reactor.SetTimer(this, plan.RetryWait);
        }
    }

    /// <summary>Pays for another attempt.</summary>
    private bool IsWithin(DestinationPlan plan)
    {
        if (plan.Budget is { } budget && context.Host.Plan.Service.Retries is { } retries)
        {
            _isPaid = retries.TrySpend(budget.Share, budget.Minimum, context.Host.Reactor.Microseconds);
            return _isPaid;
        }
        return true;
    }

    private void CloseSocket(bool inPeace)
    {
        if (_descriptor >= 0)
        {
            context.Host.Reactor.RemoveSocket(_token);
            _ = inPeace ? Io.Close(_descriptor) : Io.Reset(_descriptor);
        }
        _descriptor = Nowhere;
        _isConnected = _isReadable = _isWritable = false;
    }

    private void Drop()
    {
        if (_owed is { } buffer)
        {
            _owed = null;
            (_start, _end) = (0, 0);
            if (!_owedIsOwn)
            {
                context.Host.Reactor.Buffers.Return(buffer);
            }
        }
    }
}
