using System.Runtime.CompilerServices;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Routing;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// One relayed connection: a client's socket, a backend's socket, and what one did not take from the other.
/// <para>
/// Both sockets are registered once for every edge. An edge comes once, so a <see cref="Side"/> remembers it until
/// a system call has shown that it is used up: a read that found nothing, or found less than it asked for while no
/// hang-up was reported (tcp(7) queues data and end-of-stream apart, so a short read says nothing about the
/// latter); a send that took less than it was given.
/// </para>
/// <para>
/// Data goes through the loop's scratch buffer and on at once. Only what the receiver did not take is copied, into a
/// buffer of the loop's pool; until that is gone nothing more is read in that direction, so a session owns at most
/// two buffers and an idle one none. When the pool is at its bound, data is looked at first, sent, and only as much
/// as was taken is read: slower, but no session waits for another's buffer.
/// </para>
/// <para>
/// A direction that shows several large reads in a row goes through a pipe instead (splice(2)): its bytes are moved from
/// one socket to the other without being copied to user space and back. When a read through the pipe is small, the rush
/// is over, and the pipe goes back to the loop.
/// </para>
/// <para>
/// Each direction ends by itself (RFC 9293 section 3.6): end-of-stream from one side becomes a shutdown of the
/// other, after all data before it. A side that resets its connection can take nothing more; what it had sent before
/// is still delivered, and then the other side is reset too. Bytes of the client are not read before a backend has
/// accepted the connection, so that another one can be tried without loss.
/// </para>
/// </summary>
internal sealed partial class StreamSession<TIo> : BackendSession
    where TIo : struct, ISocketIo
{
    private const int ClientTag = 0;
    private const int ServerTag = 1;

    private readonly StreamRelay<TIo> _relay;
    private Side _client;
    private Side _server;
    private Entrance _entrance = null!;
    private ListenerPlan _plan = null!;
    private Destination _destination = null!;
    private Destination[] _destinations = [];
    private ConnectPlan _connect = null!;
    private PlaneRoute? _route;
    private Retry? _retry;
    private SessionCell _cell = null!;
    private ulong _clientHash;
    private DurationCell _connects = null!;
    private DurationCell _lengths = null!;
    private long _began;
    private long _connectBegan;
    private long _connectTook;
    private long _bytesIn;
    private long _bytesOut;
    private SocketAddress _from;
    private SessionEnd _end;
    private long _lastActivity;
    private DestinationPlan? _triedPlan;
    private Tried _tried;
    private int _triedCount;
    private int _attempts;
    private ushort _port;
    private SessionPhase _phase;
    private bool _awaitsHeader;
    private SocketAddress _to;
    private Metadata? _metadata;
    private string? _serverName;
    private string? _protocols;

    public StreamSession(StreamRelay<TIo> relay) => _relay = relay;

    public override SocketAddress Client => _from;

    private Reactor Reactor => _relay.Reactor;

    /// <summary>Registers the client and begins to connect to a backend.</summary>
    public void Begin(int descriptor, in SocketAddress client, ushort port, Entrance entrance)
    {
        _client = new Side { Descriptor = descriptor };
        _server = new Side { Descriptor = -1 };
        _entrance = entrance;
        _plan = entrance.Plan;
        (_cell, _connects, _lengths) = (entrance.Cell, entrance.Connects, entrance.Lengths);
        _began = Reactor.Microseconds;
        _port = port;
        _from = client;
        (_bytesIn, _bytesOut, _connectTook, _end) = (0, 0, -1, SessionEnd.Aborted);
        (_serverName, _protocols, _helloName, _shown) = (null, null, "", null);
        ForgetAttempts();
        ForgetPieces();
        _phase = SessionPhase.Connecting;
        (_to, _metadata, _route, _retry, _endByStage) = (default, null, null, null, null);
        _client.Token = Reactor.AddSocket(this, ClientTag);
        if (_relay.Io.Register(descriptor, _client.Token) < 0)
        {
            Abort();
            return;
        }
        if (_plan.IsTransparent || _plan.Reach is not null)
        {
            LearnDestination();
            _port = _to.Port;
        }
        if (_plan.Reach is { } reach && !reach.Contains(_to))
        {
            // It has found the socket itself, where nobody is to come.
            Refuse(ref _cell.RefusedByRule);
            return;
        }
        if (_plan.Preface is { } preface && (preface.AsksForHello || preface.AwaitsHeader(client)))
        {
            BeginPreface(preface);
        }
        else
        {
            Choose([], []);
        }
    }

    public override void Abort()
    {
        if (_client.Descriptor < 0)
        {
            // A fault after the end: the numbers of its descriptors are somebody else's by now.
            return;
        }
        _ = _relay.Io.Reset(_client.Descriptor);
        if (_server.Descriptor >= 0)
        {
            _ = _relay.Io.Reset(_server.Descriptor);
        }
        End();
    }

    public override void Describe(out SessionSight sight)
    {
        var state = StateOf(Backend);
        sight = new()
        {
            Plan = _plan,
            Backend = Backend?.State,
            Client = _from,
            Age = Reactor.Microseconds - _began,
            BytesIn = _bytesIn,
            BytesOut = _bytesOut,
            State =
                _phase is SessionPhase.Connecting or SessionPhase.Securing && Backend is not null
                    ? SessionState.Connecting
                : state == SessionState.Open && (_client.Ended || _server.Ended) ? SessionState.Closing
                : state,
        };
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (tag == ClientTag)
        {
            _client.Note(events);
            if (_phase == SessionPhase.Preface)
            {
                ReadPreface();
                return;
            }
            if (_phase == SessionPhase.Handshake)
            {
                ShakeHands();
                return;
            }
            if (_phase == SessionPhase.Crowded)
            {
                LeaveCrowd();
                return;
            }
            if (_phase != SessionPhase.Open)
            {
                if (_client.Failed)
                {
                    CountReset();
                    Abort();
                }
                return;
            }
        }
        else
        {
            _server.Note(events);
            if (_phase != SessionPhase.Open && !FinishConnect(events))
            {
                return;
            }
        }
        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            WakeStages(ref tag == ClientTag ? ref _client : ref _server);
        }
        Pump();
    }

    protected override void OnTurn() => Pump();

    protected override void OnTimer()
    {
        if (_phase == SessionPhase.Preface)
        {
            PrefaceIsLate();
            return;
        }
        if (_phase is SessionPhase.Handshake or SessionPhase.Crowded)
        {
            HandshakeIsLate();
            return;
        }
        if (_phase is SessionPhase.Connecting or SessionPhase.Securing)
        {
            HaveWaited();
            return;
        }
        if (_isApart && HasHeardLastAnswers())
        {
            return;
        }
        var idle = Reactor.Now - _lastActivity;
        if (idle >= _plan.IdleTimeout)
        {
            _cell.IdleTimeouts++;
            Backend!.Cell.IdleTimeouts++;
            _end = SessionEnd.Idle;
            Abort();
            return;
        }
        Reactor.SetTimer(this, _plan.IdleTimeout - idle);
    }

    protected override void OnFault(Exception fault) => Abort();

    private void CountReset()
    {
        _end = SessionEnd.Reset;
        _cell.Resets++;
        if (Backend is { } backend)
        {
            backend.Cell.Resets++;
        }
    }

    private void End()
    {
        Reactor.Forget(this);
        _client.Descriptor = -1;
        Reactor.RemoveSocket(_client.Token);
        if (_server.Descriptor >= 0)
        {
            Reactor.RemoveSocket(_server.Token);
        }
        EndStages();
        EndTls();
        Drop(ref _client);
        Drop(ref _server);
        ReturnStore();
        if (_plan.Log is { } log && _relay.Ring is { } ring && ring.Draws(log.OneOf))
        {
            Tell(ring);
        }
        LeaveLine();
        LeaveHandshakes();
        Refund();
        LeaveProgram();
        Backend?.Remove(this);
        Pass.Leave();
        Memory.Leave(Reactor.Microseconds);
        _cell.Active--;
        _lengths.Record(DurationCell.OfLengths, Reactor.Microseconds - _began);
        _plan.Service.Leave();
        _relay.Recycle(this);
    }

    private void Tell(AccessRing ring) =>
        ring.Add(
            new AccessRecord
            {
                Plan = _plan,
                Backend = Backend?.State,
                Client = _from,
                BytesIn = _bytesIn,
                BytesOut = _bytesOut,
                Ended = Reactor.Microseconds,
                Duration = Reactor.Microseconds - _began,
                Connect = _connectTook,
                End = _end,
                Metadata = _metadata,
                ServerName = _serverName,
                Protocols = _protocols,
                Tls = _shown,
            }
        );

    [InlineArray(DestinationPlan.MaxAttempts)]
    private struct Tried
    {
        private int _index;
    }
}
