using System.Runtime.CompilerServices;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Tcp;

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
/// Each direction ends by itself (RFC 9293 section 3.6): end-of-stream from one side becomes a shutdown of the
/// other, after all data before it. A side that resets its connection can take nothing more; what it had sent before
/// is still delivered, and then the other side is reset too. Bytes of the client are not read before a backend has
/// accepted the connection, so that another one can be tried without loss.
/// </para>
/// </summary>
internal sealed class TcpSession<TIo> : BackendSession
    where TIo : struct, ISocketIo
{
    private const int ClientTag = 0;
    private const int ServerTag = 1;

    private readonly TcpRelay<TIo> _relay;
    private Side _client;
    private Side _server;
    private Route _route = null!;
    private ListenerPlan _plan = null!;
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
    private ListenerPlan? _triedPlan;
    private Tried _tried;
    private int _triedCount;
    private int _attempts;
    private ushort _port;
    private bool _connected;

    public TcpSession(TcpRelay<TIo> relay) => _relay = relay;

    private Reactor Reactor => _relay.Reactor;

    /// <summary>Registers the client and begins to connect to a backend.</summary>
    public void Begin(int descriptor, in SocketAddress client, ushort port, Route route)
    {
        _client = new Side { Descriptor = descriptor };
        _server = new Side { Descriptor = -1 };
        _route = route;
        _plan = route.Plan;
        (_cell, _connects, _lengths) = (route.Cell, route.Connects, route.Lengths);
        _began = Reactor.Microseconds;
        _port = port;
        _from = client;
        _clientHash = route.HashOf(client);
        (_bytesIn, _bytesOut, _connectTook, _end) = (0, 0, -1, SessionEnd.Aborted);
        _triedPlan = null;
        _attempts = 0;
        _connected = false;
        _client.Token = Reactor.AddSocket(this, ClientTag);
        if (_relay.Io.Register(descriptor, _client.Token) < 0)
        {
            Abort();
            return;
        }
        Connect();
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
                !_connected ? SessionState.Connecting
                : state == SessionState.Open && (_client.Ended || _server.Ended) ? SessionState.Closing
                : state,
        };
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (tag == ClientTag)
        {
            _client.Note(events);
            if (!_connected)
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
            if (!_connected && !FinishConnect(events))
            {
                return;
            }
        }
        Pump();
    }

    protected override void OnTurn() => Pump();

    protected override void OnTimer()
    {
        if (!_connected)
        {
            ConnectFailed();
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

    private void Connect()
    {
        while (_attempts < _plan.Attempts)
        {
            if (!ReferenceEquals(_triedPlan, _route.Plan))
            {
                // Numbers of backends mean something within one plan only.
                _triedPlan = _route.Plan;
                _triedCount = 0;
            }
            var tried = ((ReadOnlySpan<int>)_tried)[.._triedCount];
            if (_route.Assign(this, _clientHash, tried, out var index) is not { } backend)
            {
                break;
            }
            if (_attempts > 0)
            {
                _cell.Retries++;
                backend.Cell.Retries++;
            }
            _attempts++;
            _tried[_triedCount++] = index;
            if (BeginConnect(backend.State.Address))
            {
                return;
            }
            CountConnectFailure();
            LeaveBackend();
        }
        if (_attempts == 0)
        {
            _cell.RefusedUnserved++;
        }
        _end = SessionEnd.Unserved;
        Abort();
    }

    private bool BeginConnect(in SocketAddress address)
    {
        var descriptor = _relay.Io.Open(address.Family);
        if (descriptor < 0)
        {
            return false;
        }
        _server = new Side { Descriptor = descriptor, Token = Reactor.AddSocket(this, ServerTag) };
        _connectBegan = Reactor.Microseconds;
        var result = _relay.Io.Connect(descriptor, address.Port == 0 ? address.WithPort(_port) : address);
        // Registered after connect(2): before it, the kernel reports a hang-up of the unused socket.
        if (result is not (0 or -(int)Errno.InProgress) || _relay.Io.Register(descriptor, _server.Token) < 0)
        {
            return false;
        }
        Reactor.SetTimer(this, _plan.ConnectTimeout);
        return true;
    }

    private bool FinishConnect(EpollEvents events)
    {
        if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None)
        {
            ConnectFailed();
            return false;
        }
        if (!_server.Writable)
        {
            return false;
        }
        _connected = true;
        _connectTook = Reactor.Microseconds - _connectBegan;
        _connects.Record(DurationCell.OfConnects, _connectTook);
        _lastActivity = Reactor.Now;
        Backend!.Succeed();
        Reactor.CancelTimer(this);
        if (_plan.IdleTimeout > 0)
        {
            Reactor.SetTimer(this, _plan.IdleTimeout);
        }
        return true;
    }

    private void ConnectFailed()
    {
        CountConnectFailure();
        LeaveBackend();
        Connect();
    }

    private void LeaveBackend()
    {
        Reactor.CancelTimer(this);
        if (_server.Descriptor >= 0)
        {
            Reactor.RemoveSocket(_server.Token);
            // Not closed in peace: a backend that accepts at the last moment must not take this for a client's end.
            _ = _relay.Io.Reset(_server.Descriptor);
            _server = new Side { Descriptor = -1 };
        }
        Backend!.Remove(this);
    }

    private void Pump()
    {
        bool brokenBefore;
        bool more;
        do
        {
            // A side that breaks in one direction has something to say in the other.
            brokenBefore = _client.Broken | _server.Broken;
            more = Move(ref _client, ref _server, ref _bytesIn, ref _cell.BytesIn, ref Backend!.Cell.BytesIn);
            more |= Move(ref _server, ref _client, ref _bytesOut, ref _cell.BytesOut, ref Backend!.Cell.BytesOut);
        } while (brokenBefore != (_client.Broken | _server.Broken));

        if (IsOver(_client, _server) || IsOver(_server, _client))
        {
            CountReset();
            if (_bytesOut == 0 && (_server.Failed | _server.Broken) && !(_client.Failed | _client.Broken))
            {
                Backend!.Break();
            }
            Abort();
        }
        else if (_client.Finished && _server.Finished)
        {
            _ = _relay.Io.Close(_client.Descriptor);
            _ = _relay.Io.Close(_server.Descriptor);
            _end = SessionEnd.Closed;
            End();
        }
        else if (more)
        {
            Reactor.MakeReady(this);
        }
    }

    /// <summary>Whether a side is reset and the other has got all that it had sent.</summary>
    private static bool IsOver(in Side reset, in Side other) =>
        (reset.Broken || (reset.Failed && reset.Ended && !reset.Finished))
        && (other.Broken || (reset.Ended && other.Overflow is null));

    /// <summary>Moves data one way until somebody has to wait. True when only the budget ended it.</summary>
    private bool Move(ref Side from, ref Side to, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (to.Broken)
        {
            Drop(ref to);
            return false;
        }
        if (to.Overflow is not null && !Flush(ref to, ref bytes, ref serviceBytes, ref backendBytes))
        {
            return false;
        }
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            if (!from.Readable || from.Ended || !to.Writable || to.Broken)
            {
                return false;
            }
            var sent = Transfer(ref from, ref to);
            Count(sent, ref bytes, ref serviceBytes, ref backendBytes);
        }
        return from.Readable && !from.Ended && to.Writable && !to.Broken;
    }

    /// <summary>One read, and the sending on of what it gave. Returns the bytes sent.</summary>
    private int Transfer(ref Side from, ref Side to)
    {
        var scratch = Reactor.Scratch;
        var mayKeep = Reactor.Buffers.HasRoom;
        var count = mayKeep ? _relay.Io.Receive(from.Descriptor, scratch) : _relay.Io.Peek(from.Descriptor, scratch);
        if (count <= 0)
        {
            EndOrWait(ref from, ref to, count);
            return 0;
        }
        var sent = Send(ref to, scratch.AsSpan(0, count));
        if (!mayKeep && sent > 0)
        {
            _ = _relay.Io.Receive(from.Descriptor, scratch.AsSpan(0, sent));
        }
        else if (mayKeep && sent < count && !to.Broken)
        {
            Keep(ref to, scratch.AsSpan(sent, count - sent));
        }
        var isAll = mayKeep || sent == count;
        if (count < scratch.Length && isAll && !from.HangUp)
        {
            from.Readable = false;
        }
        return sent;
    }

    private void EndOrWait(ref Side from, ref Side to, int result)
    {
        from.Readable = false;
        if (result == -(int)Errno.TryAgain)
        {
            return;
        }
        from.Ended = true;
        // After a reset the kernel may say end-of-stream; passing that on would make half a message look whole.
        if (result < 0 || from.Broken)
        {
            from.Broken = true;
            return;
        }
        if (_relay.Io.ShutdownWrite(to.Descriptor) < 0)
        {
            to.Break();
        }
        to.Finished = true;
    }

    private int Send(ref Side to, ReadOnlySpan<byte> data)
    {
        var sent = _relay.Io.Send(to.Descriptor, data);
        if (sent == data.Length)
        {
            return sent;
        }
        to.Writable = false;
        if (sent < 0)
        {
            if (sent != -(int)Errno.TryAgain)
            {
                to.Break();
            }
            return 0;
        }
        return sent;
    }

    private void Keep(ref Side to, ReadOnlySpan<byte> rest)
    {
        to.Overflow = Reactor.Buffers.TryRent();
        to.OverflowStart = 0;
        to.OverflowEnd = rest.Length;
        rest.CopyTo(to.Overflow);
    }

    /// <summary>Sends what was kept. True when all of it went.</summary>
    private bool Flush(ref Side to, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (!to.Writable)
        {
            return false;
        }
        var sent = Send(ref to, to.Overflow.AsSpan(to.OverflowStart, to.OverflowEnd - to.OverflowStart));
        to.OverflowStart += sent;
        Count(sent, ref bytes, ref serviceBytes, ref backendBytes);
        if (to.OverflowStart < to.OverflowEnd)
        {
            return false;
        }
        Drop(ref to);
        return true;
    }

    private void Count(int sent, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (sent > 0)
        {
            bytes += sent;
            serviceBytes += sent;
            backendBytes += sent;
            _lastActivity = Reactor.Now;
        }
    }

    private void Drop(ref Side side)
    {
        if (side.Overflow is { } buffer)
        {
            side.Overflow = null;
            Reactor.Buffers.Return(buffer);
        }
    }

    private void CountReset()
    {
        _end = SessionEnd.Reset;
        _cell.Resets++;
        if (Backend is { } backend)
        {
            backend.Cell.Resets++;
        }
    }

    private void CountConnectFailure()
    {
        _cell.ConnectFailures++;
        Backend!.Cell.ConnectFailures++;
        if (_server.Descriptor >= 0)
        {
            // Without a socket it is this machine that failed.
            Backend.Fail(_plan.EjectAfter);
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
        Drop(ref _client);
        Drop(ref _server);
        if (_plan.Log is { } log && _relay.Ring is { } ring && ring.Draws(log.OneOf))
        {
            Tell(ring);
        }
        Backend?.Remove(this);
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
            }
        );

    [InlineArray(ListenerPlan.MaxAttempts)]
    private struct Tried
    {
        private int _index;
    }
}
