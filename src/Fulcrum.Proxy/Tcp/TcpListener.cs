using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Loops.Sockets;
using Fulcrum.Proxy.Plane;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Tcp;

/// <summary>A listening TCP socket on one loop: its connections become sessions.</summary>
internal sealed class TcpListener : ILoopListener
{
    private readonly TcpRelay<EpollIo> _relay;
    private readonly Acceptor _acceptor;
    private readonly ushort _port;

    /// <summary>Takes over a bound socket.</summary>
    public TcpListener(EventLoop loop, TcpRelay<EpollIo> relay, int descriptor, ushort port, Route route)
    {
        _relay = relay;
        _port = port;
        Route = route;
        _acceptor = new Acceptor(loop, descriptor, Accept);
    }

    public Route Route { get; }

    public bool IsClosed => _acceptor.IsClosed;

    public void Start(int backlog) => _acceptor.Start(backlog);

    public void Close(TimeSpan deadline) => _acceptor.Close();

    public void Abort() => _acceptor.Close();

    private void Accept(int descriptor, in SocketAddress peer) => _relay.Accept(descriptor, peer, _port, Route);
}
