using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Loops.Sockets;

/// <summary>
/// Accepts the connections of one listening socket on one loop, a bounded number in a turn. When the process or the
/// machine is out of descriptors or memory it pauses: the connections wait in the kernel's queue, and the loop
/// neither spins nor drops them. A socket that cannot listen yet, because another program was faster since it was
/// bound, is tried again. One that is no longer wanted accepts what its queue holds before it closes, because closing
/// would reset those.
/// </summary>
public sealed class Acceptor : LoopObject
{
    private const int PerTurn = 64;
    private const int PauseMilliseconds = 100;
    private const int NoTag = 0;
    private const int Aborted = -(int)Errno.ConnectionAborted;

    private readonly EventLoop _loop;
    private readonly AcceptHandler _accepted;
    private readonly int _descriptor;
    private ulong _token;
    private int _backlog;
    private bool _listening;

    /// <summary>Takes over a bound descriptor; <see cref="Start"/> makes it listen.</summary>
    public Acceptor(EventLoop loop, int descriptor, AcceptHandler accepted)
    {
        _loop = loop;
        _descriptor = descriptor;
        _accepted = accepted;
    }

    /// <summary>Takes a new descriptor; it is the handler's from then on.</summary>
    public delegate void AcceptHandler(int descriptor, in SocketAddress peer);

    public bool IsClosed { get; private set; }

    /// <summary>Listens and registers with the loop, again and again until that works.</summary>
    public void Start(int backlog)
    {
        _backlog = backlog;
        _token = _loop.Reactor.AddSocket(this, NoTag);
        Listen();
    }

    /// <summary>Accepts what waits, then closes the socket.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }
        IsClosed = true;
        try
        {
            for (var left = _backlog; left >= 0 && AcceptOne() is >= 0 or Aborted; left--) { }
        }
        finally
        {
            _loop.Reactor.Forget(this);
            _loop.Reactor.RemoveSocket(_token);
            _loop.Unregister(_descriptor);
            _ = SocketCalls.Close(_descriptor);
        }
    }

    protected internal override void OnEvents(int tag, EpollEvents events) => Accept();

    protected internal override void OnTimer()
    {
        if (_listening)
        {
            Accept();
        }
        else
        {
            Listen();
        }
    }

    protected internal override void OnTurn() => Accept();

    protected internal override void OnFault(Exception fault)
    {
        // The connection at fault is gone; the next ones are none of its business.
        if (!IsClosed)
        {
            _loop.Reactor.MakeReady(this);
        }
    }

    private void Listen()
    {
        // Registered last: before it listens, the kernel reports a hang-up of the unused socket.
        _listening = SocketCalls.Listen(_descriptor, _backlog) >= 0 && _loop.Register(_descriptor, _token) >= 0;
        if (!_listening)
        {
            Pause();
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
            if (result is < 0 and not Aborted)
            {
                Pause();
                return;
            }
        }
        _loop.Reactor.MakeReady(this);
    }

    private void Pause()
    {
        _loop.Counters.AcceptPauses++;
        _loop.Reactor.SetTimer(this, PauseMilliseconds);
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
