using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// One client's datagrams and the answers to them. It has a socket of its own, connected to the backend, so that the
/// kernel finds the session of an answer and tells when nobody listens there or a router says no (ICMP destination
/// unreachable, RFC 1122 section 4.1.3.3). Then, and when its backend may no longer serve, the session has no backend until the client's
/// next datagram chooses another. It ends when nothing came from either side for the idle time.
/// </summary>
internal sealed class UdpSession : BackendSession
{
    private const int NoTag = 0;
    private const int NoIndex = -1;

    private readonly UdpRelay _relay;
    private DurationCell _lengths = null!;
    private ListenerPlan _plan = null!;
    private SocketAddress _client;
    private ServiceBackend? _lastBackend;
    private SessionEnd _end;
    private long _bytesIn;
    private long _bytesOut;
    private long _began;
    private long _lastActivity;
    private long _idleTimeout;
    private ulong _token;
    private int _backendIndex;
    private int _refusedIndex;

    internal UdpSession? MoreRecent;
    internal UdpSession? LessRecent;

    public UdpSession(UdpRelay relay) => _relay = relay;

    public UdpListener Listener { get; private set; } = null!;

    public override SocketAddress Client => _client;

    public SocketAddress Local { get; private set; }

    /// <summary>The socket towards the backend, or -1.</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>The service that the session began with; its listener's may be another one by now.</summary>
    public ServiceState Service { get; private set; } = null!;

    /// <summary>This loop's counters of that service.</summary>
    public SessionCell Cell { get; private set; } = null!;

    private Reactor Reactor => _relay.Loop.Reactor;

    public void Begin(UdpListener listener, in FlowKey key)
    {
        Listener = listener;
        _client = key.Client;
        Local = key.Local;
        _refusedIndex = NoIndex;
        _idleTimeout = listener.Entrance.Plan.IdleTimeout;
        Service = listener.Entrance.Plan.Service;
        Cell = listener.Entrance.Cell;
        _plan = listener.Entrance.Plan;
        (_lastBackend, _end, _bytesIn, _bytesOut) = (null, SessionEnd.Aborted, 0, 0);
        _lengths = listener.Entrance.Lengths;
        _began = Reactor.Microseconds;
        listener.Entrance.CountSession(_began);
        Touch();
        Reactor.SetTimer(this, _idleTimeout);
    }

    /// <summary>Makes sure that there is a backend which may serve. False when there is none.</summary>
    public bool HaveBackend()
    {
        var destination = Listener.Entrance[0];
        if (
            Backend is { Serves: true }
            || (destination.Plan.Memory is not null && Backend is { AdmitsRemembered: true })
        )
        {
            return true;
        }
        LeaveBackend();
        var hash = destination.HashOf(Client);
        ReadOnlySpan<int> refused = _refusedIndex == NoIndex ? [] : [_refusedIndex];
        // Better the one that refused than none: it may be back.
        if (
            (
                destination.Assign(this, hash, Reactor.Microseconds, refused, out var index)
                ?? destination.Assign(this, hash, Reactor.Microseconds, [], out index)
            )
            is not { } backend
        )
        {
            return false;
        }
        _backendIndex = index;
        _lastBackend = backend.State;
        return Connect(backend);
    }

    /// <summary>Sends some of the batch's datagrams to the backend.</summary>
    public void Send(DatagramBatch batch, int first, int count)
    {
        Touch();
        for (var attempts = 2; count > 0 && attempts > 0 && HaveBackend(); )
        {
            var sent = SocketCalls.SendMessages(Descriptor, batch, first, count);
            if (sent == -(int)Errno.MessageTooLong)
            {
                // Longer than the way there allows; the next may be shorter.
                Cell.DroppedTooLong++;
                first++;
                count--;
                continue;
            }
            if (IsCongested(sent))
            {
                break;
            }
            if (sent < 0)
            {
                // That was the answer to an earlier datagram, or there is no way; this one has not gone yet.
                attempts--;
                Refused();
                continue;
            }
            CountSent(batch, first, sent);
            first += sent;
            count -= sent;
        }
        Cell.DroppedUnsent += count;
    }

    public override void Abort() => End();

    public override void Describe(out SessionSight sight) =>
        sight = new()
        {
            Plan = _plan,
            Backend = Backend?.State,
            Client = Client,
            IsDatagrams = true,
            Age = Reactor.Microseconds - _began,
            BytesIn = _bytesIn,
            BytesOut = _bytesOut,
            State = StateOf(Backend),
        };

    /// <summary>Ends it, so that another may begin.</summary>
    public void Evict()
    {
        _end = SessionEnd.Evicted;
        End();
    }

    /// <summary>So much goes to the client.</summary>
    public void CountReply(int bytes) => _bytesOut += bytes;

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if ((events & (EpollEvents.Readable | EpollEvents.Error)) != EpollEvents.None)
        {
            Receive();
        }
    }

    protected override void OnTurn() => Receive();

    protected override void OnTimer()
    {
        var idle = Reactor.Now - _lastActivity;
        if (idle < _idleTimeout)
        {
            Reactor.SetTimer(this, _idleTimeout - idle);
            return;
        }
        _end = SessionEnd.Idle;
        Cell.IdleTimeouts++;
        if (Backend is { } backend)
        {
            backend.Cell.IdleTimeouts++;
        }
        End();
    }

    protected override void OnFault(Exception fault) => End();

    private void Receive()
    {
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            if (Descriptor < 0)
            {
                return;
            }
            var received = _relay.Replies.Take(this, out var isEmpty);
            if (received == -(int)Errno.MessageTooLong)
            {
                // News of the way there (RFC 1191), and no datagram; those wait behind it.
                continue;
            }
            if (received < 0 && !IsCongested(received))
            {
                Refused();
                return;
            }
            if (received > 0)
            {
                Touch();
                Backend!.State.Succeed();
            }
            if (isEmpty)
            {
                return;
            }
        }
        Reactor.MakeReady(this);
    }

    /// <summary>Whether the machine is short of something for now, which says nothing about the backend.</summary>
    private static bool IsCongested(int result) =>
        (Errno)(-result) is Errno.TryAgain or Errno.NoBufferSpace or Errno.OutOfMemory;

    private bool Connect(LoopBackend backend)
    {
        var address = backend.State.Address;
        var descriptor = SocketCalls.Open(address.Family, SocketKind.Datagram);
        if (descriptor < 0)
        {
            backend.Remove(this);
            return false;
        }
        var target = address.Port == 0 ? address.WithPort(Listener.Port) : address;
        _token = Reactor.AddSocket(this, NoTag);
        Descriptor = descriptor;
        if (SocketCalls.Connect(descriptor, target) < 0 || _relay.Loop.Register(descriptor, _token) < 0)
        {
            Refused();
            return false;
        }
        return true;
    }

    private void Refused()
    {
        _refusedIndex = _backendIndex >= 0 || Backend is null ? _backendIndex : Listener.Entrance[0].IndexOf(Backend);
        Cell.ConnectFailures++;
        if (Backend is { } backend)
        {
            backend.Cell.ConnectFailures++;
            backend.Fail(Listener.Entrance[0].Plan.EjectAfter);
        }
        LeaveBackend();
    }

    private void LeaveBackend()
    {
        if (Descriptor >= 0)
        {
            Reactor.RemoveSocket(_token);
            _ = SocketCalls.Close(Descriptor);
            Descriptor = -1;
        }
        Backend?.Remove(this);
    }

    private void Touch()
    {
        _lastActivity = Reactor.Now;
        Listener.MakeMostRecent(this);
    }

    private void CountSent(DatagramBatch batch, int first, int sent)
    {
        var bytes = 0L;
        for (var slot = first; slot < first + sent; slot++)
        {
            bytes += batch.Length(slot);
        }
        _bytesIn += bytes;
        Cell.BytesIn += bytes;
        Backend!.Cell.BytesIn += bytes;
    }

    private void End()
    {
        Reactor.Forget(this);
        LeaveBackend();
        Pass.Leave();
        Memory.Leave(Reactor.Microseconds);
        Cell.Active--;
        _lengths.Record(DurationCell.OfLengths, Reactor.Microseconds - _began);
        if (_plan.Log is { } log && _relay.Ring is { } ring && ring.Draws(log.OneOf))
        {
            Tell(ring);
        }
        Listener.Remove(this);
        _relay.Recycle(this);
    }

    private void Tell(AccessRing ring) =>
        ring.Add(
            new AccessRecord
            {
                Plan = _plan,
                Backend = _lastBackend,
                Client = Client,
                BytesIn = _bytesIn,
                BytesOut = _bytesOut,
                Ended = Reactor.Microseconds,
                Duration = Reactor.Microseconds - _began,
                Connect = -1,
                End = _end,
            }
        );
}
