using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Protocols.Framing;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Carrying;

/// <summary>
/// Carries the datagrams of one session over a connection to its backend, and back what that says. Where lengths are told
/// (<see cref="LengthFraming"/>) a datagram arrives as it was sent. Where they are not, the bytes go one after the other,
/// and each piece that is read is a datagram, whatever it was once; only a socket that keeps messages keeps them.
/// <para>
/// Nobody waits who sends a datagram. What comes while the connection is being made, or is slow, has one buffer of the
/// loop; beyond that it is dropped. A datagram goes whole or not at all.
/// </para>
/// <para>
/// Which backend it is, and which is tried next, is the session's affair. What waits is kept from one attempt to the next.
/// </para>
/// </summary>
internal sealed class StreamCarrier(EventLoop loop, ICarried owner) : LoopObject
{
    private const int NoTag = 0;

    /// <summary>The most that one datagram over IPv4 has: what would be longer is cut.</summary>
    private const int LongestPiece = 65_507;

    private readonly DatagramQueue _queue = new(loop.Reactor.Buffers);
    private LengthDeframer _deframer;
    private byte[]? _store;
    private int _descriptor = -1;
    private ulong _token;
    private bool _isWritable;
    private bool _keepsMessages;

    public CarrierState State { get; private set; }

    /// <summary>There is a connection, or there will be.</summary>
    public bool IsBusy => State != CarrierState.Idle;

    /// <summary>Something waits to be sent.</summary>
    public bool Owes => _queue.Count > 0;

    private Reactor Reactor => loop.Reactor;

    /// <summary>Begins a connection. False: it cannot be made.</summary>
    /// <param name="hasSocket">As far as a socket this machine could do its part.</param>
    public bool Connect(
        ConnectPlan plan,
        SocketKind kind,
        in SocketAddress target,
        in SocketAddress client,
        long timeout,
        out bool hasSocket
    )
    {
        _descriptor = plan.Open(kind, target, client);
        hasSocket = _descriptor >= 0;
        if (!hasSocket)
        {
            return false;
        }
        if (target.Family != SocketFamily.Unix)
        {
            _ = SocketCalls.Set(_descriptor, SocketOption.NoDelay, 1);
        }
        _keepsMessages = kind == SocketKind.SequencedPacket;
        _queue.Begin(kind == SocketKind.Stream && plan.IsFramed);
        _token = Reactor.AddSocket(this, NoTag);
        State = CarrierState.Connecting;
        // Registered after connect(2): before it, the kernel reports a hang-up of the unused socket.
        if (
            SocketCalls.Connect(_descriptor, target) is not (0 or -(int)Errno.InProgress)
            || loop.Register(_descriptor, _token) < 0
        )
        {
            Leave();
            return false;
        }
        Reactor.SetTimer(this, timeout);
        return true;
    }

    /// <summary>Waits before another attempt.</summary>
    public void Pause(long milliseconds)
    {
        State = CarrierState.Pausing;
        Reactor.SetTimer(this, milliseconds);
    }

    /// <summary>Sends a datagram now or when it can. False: it is dropped.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty && !_queue.IsFramed)
        {
            // Nothing of it would be seen, or it would be taken for the end.
            return false;
        }
        if (State != CarrierState.Open || !_isWritable || _queue.Count > 0)
        {
            return State != CarrierState.Broken && _queue.TryAdd(datagram);
        }
        var sent = SendNow(datagram);
        var whole = datagram.Length + (_queue.IsFramed ? LengthFraming.PrefixLength : 0);
        if (sent == whole)
        {
            owner.OnSent(datagram.Length);
            return true;
        }
        if (sent < 0 && sent != -(int)Errno.TryAgain)
        {
            return sent != -(int)Errno.MessageTooLong && Break();
        }
        _isWritable = false;
        // Without its rest the connection would make no sense any more.
        return _queue.TryAdd(datagram, Math.Max(0, sent)) || (sent > 0 && Break());
    }

    /// <summary>Forgets what waits, and returns how many datagrams that is.</summary>
    public int Discard() => _queue.Clear();

    /// <summary>Ends the connection, or the wait for it. What waits to be sent is kept.</summary>
    public void Leave()
    {
        Reactor.Forget(this);
        if (_descriptor >= 0)
        {
            Reactor.RemoveSocket(_token);
            // Not in peace when something is missing: nobody shall take it for all there was.
            _ =
                State == CarrierState.Open && _queue.Count == 0
                    ? SocketCalls.Close(_descriptor)
                    : SocketCalls.Reset(_descriptor);
            _descriptor = -1;
        }
        if (!_deframer.IsBetweenMessages)
        {
            owner.OnLost();
        }
        _deframer = default;
        ReturnStore();
        _isWritable = false;
        State = CarrierState.Idle;
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (State == CarrierState.Connecting)
        {
            // A hang-up alone is no failure: a backend may have said all, and closed, already.
            if ((events & EpollEvents.Error) != EpollEvents.None)
            {
                owner.OnConnectFailed();
                return;
            }
            if ((events & EpollEvents.Writable) == EpollEvents.None)
            {
                return;
            }
            Reactor.CancelTimer(this);
            State = CarrierState.Open;
            owner.OnConnected();
        }
        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            _isWritable = true;
            Flush();
        }
        if ((events & ~EpollEvents.Writable) != EpollEvents.None)
        {
            Receive();
        }
    }

    protected override void OnTurn()
    {
        if (State == CarrierState.Broken)
        {
            owner.OnEnded(isBroken: true);
        }
        else
        {
            Receive();
        }
    }

    protected override void OnTimer()
    {
        if (State == CarrierState.Pausing)
        {
            State = CarrierState.Idle;
            owner.OnPaused();
        }
        else
        {
            owner.OnConnectFailed();
        }
    }

    protected override void OnFault(Exception fault) => owner.OnFault();

    private int SendNow(ReadOnlySpan<byte> datagram)
    {
        if (!_queue.IsFramed)
        {
            return SocketCalls.Send(_descriptor, datagram);
        }
        Span<byte> length = stackalloc byte[LengthFraming.PrefixLength];
        LengthFraming.WriteLength(length, datagram.Length);
        return SocketCalls.Send(_descriptor, length, datagram);
    }

    private void Flush()
    {
        while (_queue.Count > 0 && _isWritable)
        {
            var pending = _queue.Pending;
            var sent = SocketCalls.Send(_descriptor, pending);
            if (sent < 0 && sent != -(int)Errno.TryAgain)
            {
                Break();
                return;
            }
            _isWritable = sent == pending.Length;
            owner.OnSent(_queue.Advance(Math.Max(0, sent)));
        }
    }

    private void Receive()
    {
        var scratch = Reactor.Scratch;
        var isCut = !_queue.IsFramed && !_keepsMessages;
        var room = isCut ? scratch[..Math.Min(scratch.Length, LongestPiece)] : scratch;
        for (var left = Reactor.Options.ReadsPerTurn; left > 0 && _descriptor >= 0; left--)
        {
            var received = SocketCalls.Receive(_descriptor, room);
            if (received == -(int)Errno.TryAgain)
            {
                return;
            }
            if (received <= 0)
            {
                owner.OnEnded(isBroken: received < 0);
                return;
            }
            if (!(_queue.IsFramed ? Unpack(room[..received]) : owner.OnReceived(room[..received])))
            {
                return;
            }
        }
        if (_descriptor >= 0)
        {
            // It says more than fits into a turn: others first. No edge would tell of what is left.
            Reactor.MakeReady(this);
        }
    }

    /// <summary>Takes the datagrams out of what has come. False: the connection is not there any more.</summary>
    private bool Unpack(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            while (_deframer.TryRead(ref data, _store, out var datagram))
            {
                if (!owner.OnReceived(datagram))
                {
                    return false;
                }
            }
            if (!_deframer.NeedsStore)
            {
                ReturnStore();
            }
            if (data.IsEmpty)
            {
                return true;
            }
            _store ??= Reactor.Buffers.TryRent();
            if (_store is null || _store.Length < _deframer.StoreLength)
            {
                // What is cut cannot be put together, and where the next one begins is lost with it.
                owner.OnEnded(isBroken: false);
                return false;
            }
        }
    }

    private void ReturnStore()
    {
        if (_store is { } store)
        {
            _store = null;
            Reactor.Buffers.Return(store);
        }
    }

    private bool Break()
    {
        // Not at once: whoever sends may be in the middle of receiving.
        State = CarrierState.Broken;
        Reactor.MakeReady(this);
        return false;
    }
}
