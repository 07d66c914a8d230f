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
internal sealed class UdpListener : LoopObject, ILoopListener
{
    private const int NoTag = 0;
    private const int RetryMilliseconds = 100;

    private readonly UdpRelay _relay;
    private readonly Dictionary<FlowKey, UdpSession> _sessions = [];
    private readonly SocketAddress _address;
    private readonly int _loops;
    private readonly Action _closed;
    private UdpSession? _mostRecent;
    private UdpSession? _leastRecent;
    private ulong _token;
    private bool _closing;

    /// <summary>Takes over a bound socket.</summary>
    /// <param name="closed">Called once, when the socket is closed.</param>
    public UdpListener(
        UdpRelay relay,
        int descriptor,
        in SocketAddress address,
        Entrance entrance,
        int loops,
        Action closed
    )
    {
        _closed = closed;
        _relay = relay;
        _address = address;
        _loops = loops;
        Descriptor = descriptor;
        Entrance = entrance;
    }

    public int Descriptor { get; }

    public Entrance Entrance { get; }

    public ushort Port => _address.Port;

    private Reactor Reactor => _relay.Loop.Reactor;

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
        _closing = true;
        if (_sessions.Count == 0)
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

    internal void Remove(UdpSession session)
    {
        Unlink(session);
        _sessions.Remove(new FlowKey(session.Client, session.Local));
        session.Service.Leave();
        if (_closing && _sessions.Count == 0)
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
        if (_relay.Loop.Register(Descriptor, _token) < 0)
        {
            Reactor.SetTimer(this, RetryMilliseconds);
        }
    }

    private void Receive()
    {
        var batch = _relay.Requests;
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            batch.PrepareReceive(0, addresses: true);
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
        UdpSession? session = null;
        var key = default(FlowKey);
        var first = 0;
        for (var slot = 0; slot < count; slot++)
        {
            var next = new FlowKey(batch.Peer(slot), batch.Local(slot).WithPort(Port));
            if (slot == 0 || next != key)
            {
                session?.Send(batch, first, slot - first);
                key = next;
                first = slot;
                session = Find(key);
            }
            batch.PrepareSend(slot, batch.Length(slot));
            if (session is null)
            {
                Entrance.Cell.DroppedRefused++;
            }
        }
        session?.Send(batch, first, count - first);
    }

    private UdpSession? Find(in FlowKey key)
    {
        if (_sessions.TryGetValue(key, out var session))
        {
            return session;
        }
        var plan = Entrance.Plan;
        if (_closing || !plan.Access.Admits(key.Client))
        {
            Entrance.Cell.RefusedByRule++;
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
        if (_sessions.Count >= Math.Max(1, plan.MaxUdpSessions / _loops))
        {
            Entrance.Cell.Evicted++;
            _leastRecent!.Evict();
        }
        if (!plan.Service.TryEnter(plan.MaxConnections))
        {
            Entrance.Cell.RefusedByLimit++;
            pass.Leave();
            return null;
        }
        session = _relay.Rent();
        session.Pass = pass;
        _sessions.Add(key, session);
        session.Begin(this, key);
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
        _relay.Replies.Flush();
        Reactor.Forget(this);
        Reactor.RemoveSocket(_token);
        _ = SocketCalls.Close(Descriptor);
        _closed();
    }
}
