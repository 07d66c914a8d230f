using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Loops.Sockets;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Streams;

/// <summary>A listening socket on one loop, of TCP or of a path: its connections become sessions.</summary>
internal sealed class StreamListener : ILoopListener
{
    private readonly StreamRelay<EpollIo> _relay;
    private readonly Acceptor _acceptor;
    private readonly ushort _port;
    private readonly Action _closed;

    /// <summary>Takes over a bound socket.</summary>
    /// <param name="closed">Called once, when the socket is closed.</param>
    public StreamListener(
        EventLoop loop,
        StreamRelay<EpollIo> relay,
        int descriptor,
        ushort port,
        Entrance entrance,
        Action closed
    )
    {
        _relay = relay;
        _port = port;
        _closed = closed;
        Entrance = entrance;
        Descriptors = [descriptor];
        _acceptor = new Acceptor(loop, descriptor, Accept);
    }

    public Entrance Entrance { get; }

    public IEnumerable<int> Descriptors { get; }

    public bool IsClosed => _acceptor.IsClosed;

    public void Start(int backlog) => _acceptor.Start(backlog);

    public void Close(TimeSpan deadline) => Abort();

    // What waits is taken here as well as there, and sessions have sockets of their own.
    public void HandOver(TimeSpan deadline) => Abort();

    public void Abort()
    {
        if (!IsClosed)
        {
            _acceptor.Close();
            _closed();
        }
    }

    private void Accept(int descriptor, in SocketAddress peer) => _relay.Accept(descriptor, peer, _port, Entrance);
}
