using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Loops.Sockets;

/// <summary>
/// Accepts the connections of one listening socket on one loop, a bounded number in a turn. When the process or the
/// machine is out of descriptors or memory it pauses: the connections wait in the kernel's queue, and the loop
/// neither spins nor drops them. One that is no longer wanted accepts what its queue holds before it closes, because
/// closing would reset those.
/// </summary>
public sealed class Acceptor : LoopObject
{
    private const int PerTurn = 64;
    private const int PauseMilliseconds = 100;
    private const int NoTag = 0;

    private readonly EventLoop _loop;
    private readonly AcceptHandler _accepted;
    private readonly int _descriptor;
    private ulong _token;
    private int _backlog;
    private bool _closed;

    /// <summary>Takes over a bound descriptor; <see cref="Start"/> makes it listen.</summary>
    public Acceptor(EventLoop loop, int descriptor, AcceptHandler accepted)
    {
        _loop = loop;
        _descriptor = descriptor;
        _accepted = accepted;
    }

    /// <summary>Takes a new descriptor; it is the handler's from then on.</summary>
    public delegate void AcceptHandler(int descriptor, in SocketAddress peer);

    /// <summary>How often accepting had to pause for want of descriptors or memory.</summary>
    public long Pauses { get; private set; }

    /// <summary>Listens and registers with the loop. 0 or a negative errno.</summary>
    public int Start(int backlog)
    {
        _backlog = backlog;
        var result = SocketCalls.Listen(_descriptor, backlog);
        if (result < 0)
        {
            return result;
        }
        _token = _loop.Reactor.AddSocket(this, NoTag);
        return _loop.Register(_descriptor, _token);
    }

    /// <summary>Accepts what waits, then closes the socket.</summary>
    public void Close()
    {
        if (_closed)
        {
            return;
        }
        _closed = true;
        for (var left = _backlog; left >= 0 && AcceptOne() >= 0; left--) { }
        _loop.Reactor.Forget(this);
        _loop.Reactor.RemoveSocket(_token);
        _ = SocketCalls.Close(_descriptor);
    }

    protected internal override void OnEvents(int tag, EpollEvents events) => Accept();

    protected internal override void OnTimer() => Accept();

    protected internal override void OnTurn() => Accept();

    protected internal override void OnFault(Exception fault)
    {
        // The connection at fault is gone; the next ones are none of its business.
        if (!_closed)
        {
            _loop.Reactor.MakeReady(this);
        }
    }

    private void Accept()
    {
        for (var left = PerTurn; left > 0; left--)
        {
            var result = AcceptOne();
            if (result == -(int)Errno.TryAgain)
            {
                return;
            }
            // One that died in the queue is no reason to stop; whatever else happened will not pass at once.
            if (result < 0 && result != -(int)Errno.ConnectionAborted)
            {
                Pauses++;
                _loop.Reactor.SetTimer(this, PauseMilliseconds);
                return;
            }
        }
        _loop.Reactor.MakeReady(this);
    }

    private int AcceptOne()
    {
        var result = SocketCalls.Accept(_descriptor, out var peer);
        if (result >= 0)
        {
            _accepted(result, peer);
        }
        return result;
    }
}
