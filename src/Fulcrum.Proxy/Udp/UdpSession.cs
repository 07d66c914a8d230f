using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
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
/// <para>
/// Where the service says so it also ends after so many datagrams. After the last one from its client it waits for
/// answers only, and the client's next datagram begins another session, with a backend of its own choice; the last
/// answer ends it. When no answers are wanted it ends with the last datagram from the client.
/// </para>
/// <para>
/// The kernel may keep datagrams of one flow and size together (see <see cref="DatagramBatch"/>). Such a train goes on
/// as one. Where the way there does not take it, because its datagrams are longer than the path's MTU or the device
/// cannot compute checksums, they go one by one from then on: to the backend for as long as this socket lasts, to the
/// client for as long as the session does.
/// </para>
/// <para>
/// Where stages have a say the datagrams of that direction go one by one (UdpSession.Stages.cs). The stages are those of
/// the route that the session began with, for as long as it lasts.
/// </para>
/// <para>
/// Where the kernel can carry it, it does (UdpSession.Offload.cs).
/// </para>
/// <para>
/// Where its backend has connections instead, the session has one of its own (UdpSession.Connection.cs). It lasts until
/// either side ends it, like a stream's.
/// </para>
/// </summary>
internal sealed partial class UdpSession : BackendSession
{
    private const int NoTag = 0;
    private const int NoIndex = -1;

    private readonly UdpRelay _relay;
    private DurationCell _lengths = null!;
    private ListenerPlan _plan = null!;
    private SocketAddress _client;
    private ListenerPlan _chosenBy = null!;
    private Destination? _destination;
    private ServiceBackend? _lastBackend;
    private LoopBackend? _answeredBy;
    private SessionEnd _end;
    private Metadata? _metadata;
    private long _bytesIn;
    private long _bytesOut;
    private long _began;
    private long _lastActivity;
    private long _idleTimeout;
    private ulong _token;
    private int _backendIndex;
    private int _refusedIndex;
    private bool _inTrains;
    private bool _answersOneByOne;

    internal UdpSession? MoreRecent;
    internal UdpSession? LessRecent;

    public UdpSession(UdpRelay relay) => _relay = relay;

    public UdpListener Listener { get; private set; } = null!;

    public override SocketAddress Client => _client;

    public SocketAddress Local { get; private set; }

    /// <summary>The socket towards the backend, or -1.</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>The socket towards the client.</summary>
    public int ReplyDescriptor { get; set; } = -1;

    /// <summary>The service that the session began with; its listener's may be another one by now.</summary>
    public ServiceState Service { get; private set; } = null!;

    /// <summary>This loop's counters of that service.</summary>
    public SessionCell Cell { get; private set; } = null!;

    /// <summary>How many datagrams it still takes from its client.</summary>
    public long RequestsLeft { get; private set; }

    /// <summary>How many datagrams it still takes from its backend.</summary>
    public long ResponsesLeft { get; private set; }

    /// <summary>Whether <see cref="RequestsLeft"/> is a number that can be reached.</summary>
    public bool IsLimited => _plan.UdpRequests != ListenerPlan.Unlimited;

    /// <summary>Its client's next datagram is not for this session.</summary>
    public bool IsDetached { get; private set; }

    /// <summary>Whether the way to the client takes trains, as far as is known.</summary>
    public bool RepliesInTrains { get; set; }

    private Reactor Reactor => _relay.Loop.Reactor;

    /// <param name="listener">Where its client's datagrams come in.</param>
    /// <param name="key">Whose it is.</param>
    /// <param name="destination">Where it goes, by the present plan.</param>
    /// <param name="route">What leads there; null: there are no routes.</param>
    /// <param name="metadata">What is known of it; null: nobody asks.</param>
    public void Begin(
        UdpListener listener,
        in FlowKey key,
        Destination destination,
        PlaneRoute? route,
        Metadata? metadata
    )
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
        (_answeredBy, _destination, _chosenBy, _metadata) = (null, destination, _plan, metadata);
        (RequestsLeft, ResponsesLeft, IsDetached) = (_plan.UdpRequests, _plan.UdpResponses, false);
        (_inTrains, RepliesInTrains, _connectTook) = (false, false, -1);
        _lengths = listener.Entrance.Lengths;
        _began = Reactor.Microseconds;
        listener.Entrance.CountSession(_began);
        Touch();
        Reactor.SetTimer(this, _idleTimeout);
        if (route is not null)
        {
            BeginStages(route);
        }
        _answersOneByOne = _egress is not null || listener.AnswersOneByOne;
        BeginInLoop();
    }

    /// <summary>Makes sure that there is a backend which may serve. False when there is none.</summary>
    public bool HaveBackend()
    {
        if (
            Backend is { Serves: true }
            || (_destination?.Plan.Memory is not null && Backend is { AdmitsRemembered: true })
            || IsCarried
        )
        {
            return true;
        }
        LeaveBackend();
        ReadOnlySpan<int> refused = _refusedIndex == NoIndex ? [] : [_refusedIndex];
        // Better the one that refused than none: it may be back.
        return (Assign(refused) ?? Assign([])) is { } backend && Connect(backend);
    }

    /// <summary>Sends what some of the batch's slots hold to the backend.</summary>
    public void Send(DatagramBatch batch, int first, int count)
    {
        if (_ingress is not null)
        {
            for (var slot = first; slot < first + count; slot++)
            {
                PassStages(batch, slot, 0, batch.Length(slot));
            }
            EndWhenSated();
            return;
        }
        var sends = _relay.Sends;
        sends.Clear();
        sends.Add(batch, first);
        for (var slot = first + 1; slot < first + count; slot++)
        {
            if (!_inTrains || !sends.TryJoin(batch, slot))
            {
                sends.Add(batch, slot);
            }
        }
        Send(sends);
        NoteRequests(count);
    }

    /// <summary>Sends some of what a slot holds, no more datagrams than the session takes.</summary>
    public void SendPiece(DatagramBatch batch, int slot, int offset, int length)
    {
        if (_ingress is not null)
        {
            RequestsLeft -= PassStages(batch, slot, offset, length);
            if (EndWhenSated())
            {
                return;
            }
        }
        else
        {
            var sends = _relay.Sends;
            sends.Clear();
            sends.Add(batch, slot, offset, length);
            RequestsLeft -= sends.Datagrams(0);
            Send(sends);
        }
        EndRequests();
    }

    /// <summary>Sends one, which is one of those that the session takes.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        Touch();
        if (_ingress is { } stages)
        {
            stages.Take(datagram);
        }
        else
        {
            SendOne(datagram);
        }
        RequestsLeft -= IsLimited ? 1 : 0;
        if (!EndWhenSated())
        {
            EndRequests();
        }
    }

    /// <summary>How many of these datagrams for the client the session takes; they count as taken.</summary>
    public int AdmitReplies(int datagrams)
    {
        var admitted = (int)Math.Min(datagrams, ResponsesLeft);
        ResponsesLeft -= admitted;
        return admitted;
    }

    /// <summary>Whether a train was refused for what it is, and its datagrams may go one by one.</summary>
    public static bool RefusesTrain(int result) =>
        (Errno)(-result) is Errno.MessageTooLong or Errno.InvalidArgument or Errno.InputOutput;

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

    public override void Evict()
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
        Catch();
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
            bool isEmpty;
            var received = _answersOneByOne ? TakeOne(out isEmpty) : _relay.Replies.Take(this, out isEmpty);
            if (received == -(int)Errno.MessageTooLong)
            {
                // News of the way there (RFC 1191), and no datagram; those wait behind it.
                continue;
            }
            if (received < 0 && !IsCongested(received))
            {
                Refused();
                if (IsDetached)
                {
                    // No datagram of the client's will choose another backend.
                    Finish();
                }
                return;
            }
            if (received > 0)
            {
                Touch();
                NoteAnswer();
                if (EndWhenSated())
                {
                    return;
                }
            }
            if (isEmpty)
            {
                return;
            }
        }
        Reactor.MakeReady(this);
    }

    // The first answer of a session is a success, as a connection that stands is one; each ends a row of failures.
    private void NoteAnswer()
    {
        if (ReferenceEquals(_answeredBy, Backend))
        {
            Backend!.State.Succeed();
        }
        else
        {
            _answeredBy = Backend;
            Backend!.Succeed();
        }
    }

    private void Send(SendBatch sends)
    {
        Touch();
        var next = 0;
        for (var attempts = 2; next < sends.Count && attempts > 0 && HaveBackend(); )
        {
            if (IsCarried && !sends.IsTrain(next))
            {
                SendOverConnection(sends.Datagram(next++));
                continue;
            }
            if (!_inTrains && sends.IsTrain(next))
            {
                SendApart(sends, next++);
                continue;
            }
            var together = _inTrains ? sends.Count - next : sends.SinglesFrom(next);
            var sent = SocketCalls.SendMessages(Descriptor, sends, next, together);
            if (sent > 0)
            {
                CountSent(sends, next, sent);
                next += sent;
            }
            else if (sends.IsTrain(next) && RefusesTrain(sent))
            {
                Cell.TrainsRefused++;
                _inTrains = false;
            }
            else if (sent == -(int)Errno.MessageTooLong)
            {
                // Longer than the way there allows; the next may be shorter.
                Cell.DroppedTooLong++;
                next++;
            }
            else if (IsCongested(sent))
            {
                break;
            }
            else
            {
                // That was the answer to an earlier datagram, or there is no way; this one has not gone yet.
                attempts--;
                Refused();
            }
        }
        for (; next < sends.Count; next++)
        {
            Cell.DroppedUnsent += sends.Datagrams(next);
        }
    }

    private void SendApart(SendBatch sends, int message)
    {
        var parts = _relay.Parts;
        for (var first = 0; first < sends.Datagrams(message); first += parts.Count)
        {
            parts.Unfold(sends, message, first);
            Send(parts);
        }
    }

    /// <summary>Whether the machine is short of something for now, which says nothing about the backend.</summary>
    private static bool IsCongested(int result) =>
        (Errno)(-result) is Errno.TryAgain or Errno.NoBufferSpace or Errno.OutOfMemory;

    private LoopBackend? Assign(ReadOnlySpan<int> refused)
    {
        if (!ReferenceEquals(_chosenBy, Listener.Entrance.Plan))
        {
            _chosenBy = Listener.Entrance.Plan;
            _destination = Listener.Entrance.Choose(Client, Local, out _, out _metadata);
        }
        if (_destination is not { } destination)
        {
            return null;
        }
        var hash = destination.HashOf(Client);
        var backend = destination.Assign(this, hash, Reactor.Microseconds, refused, out _backendIndex);
        _lastBackend = backend?.State ?? _lastBackend;
        return backend;
    }

    private bool Connect(LoopBackend backend)
    {
        var plan = _destination!.Plan.ConnectOf(backend.State);
        var address = backend.State.Address;
        var target =
            address.Port == 0 && address.Family != SocketFamily.Unix
                ? address.WithPort(Listener.PortOf(Local))
                : address;
        if (plan.KindTo(target) is var kind and not SocketKind.Datagram)
        {
            return BeginConnection(plan, kind, target);
        }
        var descriptor = plan.Open(SocketKind.Datagram, target, Client);
        if (descriptor < 0)
        {
            backend.Remove(this);
            return false;
        }
        // A kernel that brings trains takes them, too; it is asked for each socket, like everything else of the socket.
        // Who takes answers one by one could not tell those of a train apart.
        _inTrains = !_answersOneByOne && SocketCalls.Set(descriptor, SocketOption.ReceiveTrains, 1) == 0;
        RepliesInTrains = _inTrains;
        _token = Reactor.AddSocket(this, NoTag);
        Descriptor = descriptor;
        var result = SocketCalls.Connect(descriptor, target);
        if (ConnectPlan.IsOwnShortage(result) || (result == 0 && _relay.Loop.RegisterIncoming(descriptor, _token) < 0))
        {
            LeaveBackend();
            return false;
        }
        if (result < 0)
        {
            Refused();
            return false;
        }
        return true;
    }

    private void Refused()
    {
        NoteRefusal();
        Cell.ConnectFailures++;
        if (Backend is { } backend)
        {
            backend.Cell.ConnectFailures++;
            backend.Fail(_destination!.Plan.EjectAfter);
        }
        LeaveBackend();
    }

    private void NoteRefusal() =>
        _refusedIndex = _backendIndex >= 0 || Backend is null ? _backendIndex : _destination!.IndexOf(Backend);

    private void LeaveBackend()
    {
        Settle();
        if (Descriptor >= 0)
        {
            Reactor.RemoveSocket(_token);
            _ = SocketCalls.Close(Descriptor);
            Descriptor = -1;
        }
        _carrier?.Leave();
        Backend?.Remove(this);
    }

    private void Touch()
    {
        _lastActivity = Reactor.Now;
        Listener.MakeMostRecent(this);
    }

    private void CountSent(SendBatch sends, int first, int sent)
    {
        var bytes = 0L;
        for (var message = first; message < first + sent; message++)
        {
            bytes += sends.Bytes(message);
        }
        CountSent(bytes);
    }

    private void CountSent(long bytes)
    {
        _bytesIn += bytes;
        Cell.BytesIn += bytes;
        Backend!.Cell.BytesIn += bytes;
    }

    /// <summary>Takes no more from its client when that was the last.</summary>
    private void EndRequests()
    {
        if (RequestsLeft > 0)
        {
            return;
        }
        if ((ResponsesLeft == 0 && !IsOwing) || (Backend is null && !IsCarried))
        {
            Finish();
            return;
        }
        Listener.Detach(this);
        IsDetached = true;
    }

    /// <summary>Ends it when its client has all the answers that there may be.</summary>
    private bool EndWhenSated()
    {
        if (ResponsesLeft > 0 || _plan.UdpResponses == 0)
        {
            return false;
        }
        Finish();
        return true;
    }

    /// <summary>Both sides have sent what they may.</summary>
    private void Finish()
    {
        _end = SessionEnd.Closed;
        End();
    }

    private void End()
    {
        Reactor.Forget(this);
        EndStages();
        LeaveBackend();
        Discard();
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
                Connect = _connectTook,
                End = _end,
                Metadata = _metadata,
            }
        );
}
