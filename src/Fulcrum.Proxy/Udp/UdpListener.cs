using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// One UDP socket that clients send to, on one loop, and the sessions of those whom the kernel's hash brings here.
/// Datagrams come and go in batches; those of one client that follow each other go on together. A session is known
/// by the client's address and the address that the client used, and the answer leaves from the latter. The table is
/// bounded: a new session at the bound takes the place of the one that was silent for longest.
/// </summary>
internal class UdpListener : LoopObject, ILoopListener
{
    private const int NoTag = 0;
    private const int RetryMilliseconds = 100;

    private readonly Dictionary<FlowKey, UdpSession> _sessions = [];
    private readonly SocketAddress _address;
    private readonly int _loops;
    private readonly Reach? _reach;
    private readonly ReplySockets? _replies;
    private readonly Action _closed;
    private UdpSession? _mostRecent;
    private UdpSession? _leastRecent;
    private ulong _token;
    private int _count;
    private bool _closing;

    /// <summary>Takes over a bound socket.</summary>
    /// <param name="canBeOffloaded">What sockets are known by is all that leads here.</param>
    /// <param name="reach">What is led here, where that is more than the address; null: it is not.</param>
    /// <param name="closed">Called once, when the socket is closed.</param>
    public UdpListener(
        UdpRelay relay,
        int descriptor,
        in SocketAddress address,
        Entrance entrance,
        int loops,
        bool canBeOffloaded,
        Reach? reach,
        Action closed
    )
    {
        CanBeOffloaded = canBeOffloaded;
        (_reach, _replies) = (reach, reach is null ? null : new(relay.Replies));
        _closed = closed;
        Relay = relay;
        _address = address;
        _loops = loops;
        Descriptor = descriptor;
        Entrance = entrance;
    }

    public int Descriptor { get; }

    public IEnumerable<int> Descriptors => [Descriptor];

    public Entrance Entrance { get; }

    /// <summary>Answers go one by one, because this socket does not know batches.</summary>
    public virtual bool AnswersOneByOne => false;

    public ushort Port => _address.Port;

    /// <summary>The port that a client asked, by the address that it asked.</summary>
    public ushort PortOf(in SocketAddress local) => _reach is null ? Port : local.Port;

    /// <summary>The kernel could carry its sessions, as far as it depends on the listener.</summary>
    public bool CanBeOffloaded { get; }

    /// <summary>It begins no more sessions.</summary>
    public bool IsClosing => _closing;

    private protected SocketAddress Address => _address;

    private protected UdpRelay Relay { get; }

    private protected bool IsHandedOver { get; private set; }

    private protected Reactor Reactor => Relay.Loop.Reactor;

    public bool IsClosed { get; private set; }

    public void Start(int backlog)
    {
        _token = Reactor.AddSocket(this, NoTag);
        Register();
    }

    /// <summary>Begins no more sessions; those that are there answer their clients until they end or the deadline.</summary>
    public void Close(TimeSpan deadline)
    {
        if (_closing)
        {
            return;
        }
        Receive();
        Finish(deadline);
    }

    /// <summary>Reads no more: what clients send is another's to answer, and what their backends answer still goes out.</summary>
    public void HandOver(TimeSpan deadline)
    {
        if (IsHandedOver)
        {
            return;
        }
        IsHandedOver = true;
        Relay.Loop.Unregister(Descriptor);
        if (!_closing)
        {
            Finish(deadline);
        }
    }

    private void Finish(TimeSpan deadline)
    {
        _closing = true;
        if (_count == 0)
        {
            Shut();
        }
        else
        {
            Reactor.SetTimer(this, (long)deadline.TotalMilliseconds);
        }
    }

    public void Abort()
    {
        _closing = true;
        while (_leastRecent is { } session)
        {
            session.Abort();
        }
        Shut();
    }

    /// <summary>Which address an answer must name as its source; the default value lets the kernel choose.</summary>
    public SocketAddress SourceFor(in SocketAddress local) => _address.IsWildcard ? local : default;

    internal void MakeMostRecent(UdpSession session)
    {
        if (ReferenceEquals(_mostRecent, session))
        {
            return;
        }
        Unlink(session);
        session.LessRecent = _mostRecent;
        if (_mostRecent is not null)
        {
            _mostRecent.MoreRecent = session;
        }
        _mostRecent = session;
        _leastRecent ??= session;
    }

    /// <summary>What else its client sends is not for this session, which only waits for answers any more.</summary>
    internal virtual void Detach(UdpSession session) => _sessions.Remove(new FlowKey(session.Client, session.Local));

    internal void Remove(UdpSession session)
    {
        Unlink(session);
        if (!session.IsDetached)
        {
            Detach(session);
        }
        _count--;
        _replies?.Leave(session.Local);
        session.Service.Leave();
        if (_closing && _count == 0)
        {
            Shut();
        }
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if ((events & EpollEvents.Readable) != EpollEvents.None)
        {
            Receive();
        }
    }

    protected override void OnTurn() => Receive();

    protected override void OnTimer()
    {
        if (_closing)
        {
            Abort();
        }
        else
        {
            Register();
        }
    }

    protected override void OnFault(Exception fault)
    {
        // The datagram at fault is gone; the next ones are none of its business.
        if (!IsClosed)
        {
            Reactor.MakeReady(this);
        }
    }

    private void Register()
    {
        if (Relay.Loop.RegisterIncoming(Descriptor, _token) < 0)
        {
            Reactor.SetTimer(this, RetryMilliseconds);
        }
    }

    private protected virtual void Receive()
    {
        if (IsHandedOver)
        {
            return;
        }
        var batch = Relay.Requests;
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            var count = SocketCalls.ReceiveMessages(Descriptor, batch, 0);
            if (count <= 0)
            {
                return;
            }
            Forward(batch, count);
            if (count < batch.Capacity)
            {
                return;
            }
        }
        Reactor.MakeReady(this);
    }

    private void Forward(DatagramBatch batch, int count)
    {
        for (var (first, end) = (0, 0); first < count; first = end)
        {
            var local = LocalOf(batch, first);
            do
            {
                end++;
            } while (end < count && batch.IsSamePeer(first, end) && LocalOf(batch, end) == local);
            if (_reach is { } reach && !reach.Contains(local))
            {
                // It has found the socket itself, where nobody is to come.
                for (var slot = first; slot < end; slot++)
                {
                    Entrance.Cell.DroppedRefused += batch.Datagrams(slot);
                }
                continue;
            }
            var key = new FlowKey(batch.Peer(first), local);
            var session = Find(key);
            if (session is { IsLimited: false })
            {
                session.Send(batch, first, end - first);
                continue;
            }
            for (var slot = first; slot < end; slot++)
            {
                if (session is null)
                {
                    Entrance.Cell.DroppedRefused += batch.Datagrams(slot);
                }
                else
                {
                    SendInPieces(key, batch, slot);
                }
            }
        }
    }

    /// <summary>Which of our addresses a datagram was sent to. Only a wildcard has to look.</summary>
    private SocketAddress LocalOf(DatagramBatch batch, int slot) =>
        _reach is not null ? batch.Target(slot)
        : _address.IsWildcard ? batch.Local(slot).WithPort(Port)
        : _address;

    /// <summary>Sends what a slot holds where each session takes a certain number of datagrams.</summary>
    private void SendInPieces(in FlowKey key, DatagramBatch batch, int slot)
    {
        var (offset, length, segment) = (0, batch.Length(slot), batch.SegmentSize(slot));
        do
        {
            var datagrams = DatagramBatch.Datagrams(length - offset, segment);
            if (Find(key) is not { } session)
            {
                Entrance.Cell.DroppedRefused += datagrams;
                return;
            }
            var piece = datagrams <= session.RequestsLeft ? length - offset : (int)session.RequestsLeft * segment;
            session.SendPiece(batch, slot, offset, piece);
            offset += piece;
        } while (offset < length);
    }

    /// <summary>The session of a client, a new one if need be; null: it is refused, and that is counted.</summary>
    private protected UdpSession? Find(in FlowKey key)
    {
        if (_sessions.TryGetValue(key, out var session))
        {
            return session;
        }
        var plan = Entrance.Plan;
        if (_closing || !plan.Admits(key.Client))
        {
            Entrance.Cell.RefusedByRule++;
            return null;
        }
        if (Entrance.Choose(key.Client, key.Local, out var route, out var metadata) is not { } destination)
        {
            Entrance.Cell.RefusedByRoute++;
            return null;
        }
        var pass = default(SourcePass);
        if (
            plan.Sources?.TryEnter(key.Client, Reactor.Microseconds, out pass)
            is { } verdict
                and not SourceVerdict.Admitted
        )
        {
            Entrance.Cell.Count(verdict);
            return null;
        }
        // The kernel spreads clients evenly over the loops, so each loop has its share of the bound.
        if (_count >= Math.Max(1, plan.MaxUdpSessions / _loops))
        {
            Entrance.Cell.Evicted++;
            _leastRecent!.Evict();
        }
        var reply = _replies?.Take(key.Local) ?? Descriptor;
        if (reply < 0)
        {
            Entrance.Cell.RefusedUnserved++;
            pass.Leave();
            return null;
        }
        if (!plan.Service.TryEnter(plan.MaxConnections))
        {
            _replies?.Leave(key.Local);
            Entrance.Cell.RefusedByLimit++;
            pass.Leave();
            return null;
        }
        session = Relay.Rent();
        session.Pass = pass;
        session.ReplyDescriptor = reply;
        _sessions.Add(key, session);
        _count++;
        session.Begin(this, key, destination, route, metadata);
        return session;
    }

    private void Unlink(UdpSession session)
    {
        if (session.MoreRecent is not null)
        {
            session.MoreRecent.LessRecent = session.LessRecent;
        }
        else if (ReferenceEquals(_mostRecent, session))
        {
            _mostRecent = session.LessRecent;
        }
        if (session.LessRecent is not null)
        {
            session.LessRecent.MoreRecent = session.MoreRecent;
        }
        else if (ReferenceEquals(_leastRecent, session))
        {
            _leastRecent = session.MoreRecent;
        }
        session.MoreRecent = session.LessRecent = null;
    }

    private void Shut()
    {
        if (IsClosed)
        {
            return;
        }
        IsClosed = true;
        Relay.Replies.Flush();
        Reactor.Forget(this);
        Reactor.RemoveSocket(_token);
        Relay.Loop.Unregister(Descriptor);
        _ = SocketCalls.Close(Descriptor);
        _closed();
    }
}
