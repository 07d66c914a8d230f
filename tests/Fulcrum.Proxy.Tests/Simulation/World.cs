using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Streams;
using Fulcrum.Tls.Engine;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>
/// A reactor and a relay, as they are in the product, on a simulated kernel; and random interleavings of what
/// clients, backends, the kernel and the loop may do.
/// </summary>
internal sealed class World
{
    private const int Attempts = 2;
    private const int ConnectTimeout = 50;
    private const int MaxConnections = 5;
    private const int MaxRounds = 2_000;

    /// <summary>Of the kernel's, for what has to be there whole before anything is done.</summary>
    private const int RoomForHello = 2048;

    /// <summary>The first three bytes of their addresses.</summary>
    private const uint Backends = 0x0A0000;
    private const uint Filters = 0x0A0001;

    private static readonly SocketAddress SomeClient = SocketAddress.Of(SocketFamily.IPv4, 0x7F000001, 1);

    private readonly StreamRelay<SimulatedIo> _relay;
    private readonly Reactor _reactor;
    private readonly Entrance _entrance;
    private readonly Connection[] _connections = new Connection[MaxConnections];
    private readonly (ulong Token, EpollEvents Events)[] _events = new (ulong, EpollEvents)[8];
    private readonly int _capacity;
    private readonly Passage _passage;
    private readonly TlsEnds? _tls;
    private long _sessions;
    private Dice _dice;
    private int _count;
    private long _now;
    private bool _isAdvancing;

    /// <param name="options">Buffers and budgets, small enough to run out.</param>
    /// <param name="capacity">Bytes in a socket's queue, at most 64.</param>
    /// <param name="passage">What every session passes; null: nothing.</param>
    public World(LoopOptions options, int capacity, Passage? passage = null)
    {
        _capacity = capacity;
        _passage = passage ?? Passage.Plain;
        _tls = _passage is { IsSecured: false, IsSecuredBehind: false } ? null : new TlsEnds();
        _reactor = new Reactor(options, 0);
        _relay = new StreamRelay<SimulatedIo>(_reactor, 0, new SimulatedIo(this), static () => { });
        _entrance = MakeEntrance(_reactor, _passage, _tls);
        for (var index = 0; index < MaxConnections; index++)
        {
            _connections[index] = new Connection();
        }
    }

    public SimulatedKernel Kernel { get; } = new();

    public void Close(SimulatedSocket socket, bool reset)
    {
        foreach (var connection in _connections.AsSpan(0, reset ? _count : 0))
        {
            if (ReferenceEquals(connection.Client, socket.Peer))
            {
                connection.Reset(_now, _isAdvancing);
            }
        }
        _tls?.Look();
        Kernel.Close(socket, reset);
    }

    public int OpenSocket() => Kernel.Create(_capacity).Descriptor;

    public int ShutdownWrite(SimulatedSocket socket)
    {
        var result = socket.ShutdownWrite();
        if (_dice.OneIn(4))
        {
            // Programs run while the relay does: this one reads before the relay's next call.
            socket.Peer?.NoticeEnd();
        }
        return result;
    }

    /// <summary>The relay connects to a backend or a filter; the port says for which client.</summary>
    public int Connect(SimulatedSocket socket, in SocketAddress address)
    {
        var connection = _connections[address.Port - 1];
        var isFilter = (uint)address.Bits >> 8 == Filters;
        socket.Fate =
            _dice.OneIn(8) ? Fate.Refuse
            : _dice.OneIn(16) ? Fate.Silence
            : Fate.Accept;
        if (!isFilter)
        {
            connection.BeginAttempt(_now, _isAdvancing);
        }
        else if (socket.Fate != Fate.Accept)
        {
            connection.FilterFailures++;
        }
        if (socket.Fate == Fate.Refuse && _dice.OneIn(2))
        {
            return -(int)Errno.ConnectionRefused;
        }
        socket.IsConnecting = true;
        _pending.Add((socket, connection, isFilter));
        if (socket.Fate == Fate.Accept && _dice.OneIn(8))
        {
            Decide(_pending.Count - 1);
            return 0;
        }
        return -(int)Errno.InProgress;
    }

    private readonly List<(SimulatedSocket Socket, Connection Connection, bool IsFilter)> _pending = [];
    private readonly List<Filter> _filters = [];
    private readonly List<TlsShell> _shells = [];

    /// <summary>One interleaving from beginning to end. Null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        _dice = new Dice(seed);
        _pending.Clear();
        _filters.Clear();
        _shells.ForEach(shell => shell.Dispose());
        _shells.Clear();
        _count = 1 + _dice.Roll(MaxConnections);
        for (var index = 0; index < _count; index++)
        {
            _connections[index].Begin(BeginClient(_connections[index]), _dice.Roll(256), _passage, Greet());
        }
        // With TLS there is more to be said before the first byte.
        for (var steps = (10 + _dice.Roll(70)) * (_tls is null ? 1 : 4); steps > 0; steps--)
        {
            Step();
        }
        if (Settle() is { } early)
        {
            return early;
        }
        for (var index = 0; index < _count; index++)
        {
            EndPeer(_connections[index].Client);
            EndPeer(_connections[index].Server);
        }
        var problem = Settle() ?? Judge(isOver: true) ?? Leaks();
        Kernel.Sweep();
        return problem;
    }

    /// <summary>The client's socket: where it speaks TLS, its own end of it.</summary>
    private SimulatedSocket BeginClient(Connection connection)
    {
        var socket = Kernel.Create(_capacity);
        connection.Entry = socket;
        if (!_passage.IsSecured)
        {
            return socket;
        }
        socket.Incoming.Clear(RoomForHello);
        return Wrap(socket, _tls!.Client.Connect(), connection, isClient: true);
    }

    private SimulatedSocket BeginServer(SimulatedSocket socket, Connection connection) =>
        _passage.IsSecuredBehind
            ? Wrap(socket, TlsEnds.Server.Accept("a.example")!, connection, isClient: false)
            : socket;

    private SimulatedSocket Wrap(SimulatedSocket outer, TlsEngine engine, Connection connection, bool isClient)
    {
        var inner = new SimulatedSocket(Kernel, -1);
        inner.Reuse(_capacity);
        _shells.Add(new(outer, inner, engine, connection, isClient));
        return inner;
    }

    private Greeting Greet() =>
        _passage.Header == ProxyProtocolAcceptance.Off ? Greeting.Missing
        : _dice.OneIn(8) ? Greeting.Broken
        : _dice.OneIn(8) ? Greeting.Missing
        : Greeting.Whole;

    private void EndPeer(Peer? peer)
    {
        if (_dice.OneIn(6))
        {
            peer?.Reset();
        }
        peer?.Finish();
    }

    private void Step()
    {
        switch (_dice.Roll(8))
        {
            case 0:
            case 1:
                Turn();
                break;
            case 2 when _pending.Count > 0:
                Decide(_dice.Roll(_pending.Count));
                break;
            case 2:
                AcceptOne();
                break;
            case 3 when _dice.OneIn(4):
                Advance(_dice.Roll(ConnectTimeout * 2));
                break;
            case 3 when Kernel.Sockets.Count > 0:
                // Spurious wake-ups happen.
                Kernel.Sockets[_dice.Roll(Kernel.Sockets.Count)].Wake();
                break;
            default:
                Act(_connections[_dice.Roll(_count)]);
                break;
        }
    }

    private void Act(Connection connection)
    {
        if (_shells.Count > 0 && _dice.OneIn(2))
        {
            _ = _shells[_dice.Roll(_shells.Count)].Move(1 + _dice.Roll(RoomForHello));
            return;
        }
        if (_filters.Count > 0 && _dice.OneIn(3))
        {
            Act(_filters[_dice.Roll(_filters.Count)]);
            return;
        }
        var isClient = _dice.OneIn(2);
        var (self, other) = isClient ? (connection.Client, connection.Server) : (connection.Server, connection.Client);
        if (self is null)
        {
            return;
        }
        switch (_dice.Roll(32))
        {
            case < 14:
                self.Write(1 + _dice.Roll(_capacity));
                break;
            case < 27:
                _ = self.ReadFrom(other, 1 + _dice.Roll(_capacity));
                break;
            case < 30:
                self.Finish();
                break;
            case 30:
                self.Reset();
                break;
            default:
                self.Close();
                break;
        }
    }

    private void Act(Filter filter)
    {
        switch (_dice.Roll(64))
        {
            case < 32:
                filter.Take(1 + _dice.Roll(_capacity));
                break;
            case < 63:
                filter.Give(1 + _dice.Roll(_capacity));
                break;
            default:
                filter.Break();
                break;
        }
    }

    /// <summary>One turn of the loop: what it fetched is stale as soon as something happens in between.</summary>
    private bool Turn()
    {
        var count = Kernel.Wait(_events.AsSpan(0, 1 + _dice.Roll(_events.Length)));
        for (var index = 0; index < count; index++)
        {
            _reactor.Dispatch(_events[index].Token, _events[index].Events);
            if (_dice.OneIn(2))
            {
                AcceptOne();
            }
        }
        var hadReady = _reactor.HasReady;
        _reactor.RunReady();
        return count > 0 || hadReady;
    }

    private bool AcceptOne()
    {
        for (var index = 0; index < _count; index++)
        {
            var connection = _connections[index];
            if (!connection.IsAccepted)
            {
                connection.Accept(_now);
                _relay.Accept(connection.Entry.Descriptor, SomeClient, (ushort)(index + 1), _entrance);
                KnowSessions();
                return true;
            }
        }
        return false;
    }

    private void KnowSessions()
    {
        _sessions++;
        for (var place = 0; _tls is not null && place < _relay.Roll.Places; place++)
        {
            _tls.Know(_relay.Roll.Find(place, _sessions));
        }
    }

    private bool Decide(int index)
    {
        var (socket, connection, isFilter) = _pending[index];
        _pending.RemoveAt(index);
        if (!socket.IsOpen)
        {
            return true;
        }
        if (socket.Fate == Fate.Accept)
        {
            if (isFilter)
            {
                _filters.Add(new(socket, connection, _dice.OneIn(4)));
            }
            else
            {
                connection.BeginServer(BeginServer(socket, connection), _dice.Roll(256));
            }
            socket.FinishConnect();
        }
        else if (socket.Fate == Fate.Refuse)
        {
            socket.FailConnect();
        }
        else
        {
            // Nobody answers: only the relay's own clock ends this.
            Advance(ConnectTimeout + 1);
        }
        return true;
    }

    private void Advance(int milliseconds)
    {
        foreach (var connection in _connections.AsSpan(0, _count))
        {
            connection.MayTimeOut |= connection.Server is { Socket.IsQueued: true };
        }
        foreach (var shell in _shells.Where(one => one is { IsClient: false, IsOnItsWay: true }))
        {
            shell.Connection.MayTimeOut = true;
        }
        foreach (var pending in _pending.Where(one => one.IsFilter))
        {
            pending.Connection.FilterFailures++;
        }
        foreach (var filter in _filters.Where(one => one.IsNews))
        {
            filter.Connection.FilterFailures++;
        }
        _now += milliseconds;
        _reactor.BeginTurn(_now);
        _isAdvancing = true;
        _reactor.RunTimers();
        _isAdvancing = false;
    }

    /// <summary>Everybody reads, nobody writes, until nothing moves.</summary>
    private string? Settle()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var moved = AcceptOne() | Turn();
            moved |= _pending.Count > 0 && Decide(_pending.Count - 1);
            for (var index = 0; index < _count; index++)
            {
                var (client, server) = (_connections[index].Client, _connections[index].Server);
                moved |= client.ReadFrom(server, _capacity) | (server?.ReadFrom(client, _capacity) ?? false);
            }
            foreach (var shell in _shells)
            {
                moved |= shell.Move(RoomForHello);
            }
            foreach (var filter in _filters)
            {
                moved |= filter.Take(_capacity) | filter.Give(_capacity);
            }
            if (moved || Kernel.HasEvents || _reactor.HasReady)
            {
                continue;
            }
            if (!_passage.NeedsTime || _reactor.Timers == 0)
            {
                return Judge(isOver: false);
            }
            // Somebody waits for nothing but the clock.
            Advance((int)Math.Max(1, _reactor.NextTimer - _now));
        }
        return "it does not come to rest";
    }

    private string? Judge(bool isOver)
    {
        if (_reactor.Counters.Faults > 0)
        {
            return _reactor.Counters.LastFault;
        }
        if (Kernel.IsAnybodyWaitingForMore)
        {
            return "what was sent waits for more, and none comes";
        }
        for (var index = 0; index < _count; index++)
        {
            if (_connections[index].Judge(Attempts, isOver, _now) is { } problem)
            {
                return $"{problem} ({_connections[index]})";
            }
        }
        return _shells.Select(shell => shell.Complaint).FirstOrDefault(complaint => complaint is not null)
            ?? Kernel.Misuse;
    }

    private string? Leaks() =>
        _relay.Active != 0 ? $"{_relay.Active} sessions are left"
        : _relay.Pipes.InUse != 0 ? $"{_relay.Pipes.InUse} pipes are left"
        : _reactor.Buffers.InUse != 0 ? $"{_reactor.Buffers.InUse} buffers are left"
        : _reactor.Sockets != 0 ? $"{_reactor.Sockets} tokens are left"
        : _reactor.Timers != 0 ? $"{_reactor.Timers} timers are left"
        : _relay.Handshakes.UnderWay + _relay.Handshakes.Waiting != 0 ? "a handshake is still counted"
        : _tls?.CountLeft() is > 0 and var engines ? $"{engines} engines of TLS are left"
        : Kernel.Open != 0 ? $"{Kernel.Open} descriptors are left"
        : _entrance.Cell.Active != 0 || _entrance.Plan.Service.Active != 0 ? "a session is still counted"
        : null;

    private static Entrance MakeEntrance(Reactor reactor, Passage passage, TlsEnds? tls)
    {
        var candidates = new List<ServiceBackend>();
        var served = new List<LoopBackend>();
        var entrance = new Entrance(0);
        entrance.Follow(
            new ListenerPlan
            {
                Service = new ServiceState("s", 1),
                Destinations = [MakeDestination("u", Backends), MakeDestination("filter", Filters)],
                Listener = "tcp://127.0.0.1:80",
                Routes = passage.Routes,
                Preface = passage.Preface,
                Tls = passage.IsSecured ? new ListenerTls(TlsEnds.Server, Passage.Patience) : null,
            },
            backend => served[candidates.IndexOf(backend)]
        );
        return entrance;

        DestinationPlan MakeDestination(string upstream, uint network)
        {
            const int Count = 3;
            var first = candidates.Count;
            for (var index = 0; index < Count; index++)
            {
                var address = new IPAddress([
                    (byte)(network >> 16),
                    (byte)(network >> 8),
                    (byte)network,
                    (byte)(index + 1),
                ]);
                candidates.Add(new(new BackendKey(upstream, $"b{index}", address, null), 1));
                served.Add(
                    new LoopBackend(candidates[^1], reactor, 0, (_, _) => { })
                    {
                        Backend = new PlaneBackend
                        {
                            Id = $"b{index}",
                            Address = address,
                            Port = null,
                            Weight = 1,
                            Duty = BackendDuty.Serve,
                        },
                    }
                );
            }
            return new DestinationPlan
            {
                Upstream = upstream,
                Balancer = Balancer.Create(
                    BalanceAlgorithm.RoundRobin,
                    [.. Enumerable.Range(0, Count).Select(index => new Candidate((ulong)index, 1))]
                ),
                Candidates = [.. candidates[first..]],
                Hash = HashKey.SourceAddress,
                Attempts = Attempts,
                EjectAfter = 3,
                ConnectTimeout = ConnectTimeout,
                Connect = passage.IsSecuredBehind
                    ? new ConnectPlan(ConnectOptions.Unset) { Tls = new BackendTls(tls!.Client) }
                    : ConnectPlan.Plain,
            };
        }
    }
}
