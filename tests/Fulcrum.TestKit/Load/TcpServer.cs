using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>
/// A TCP server of a test's own: it hands every connection to <c>serve</c>, and closes it afterwards. For backends
/// that misbehave exactly as the test wants.
/// </summary>
public sealed class TcpServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<Socket, Task> _serve;
    private readonly Task _accepting;
    private long _accepted;

    private TcpServer(Socket listener, Func<Socket, Task> serve)
    {
        _listener = listener;
        _serve = serve;
        _accepting = Task.Run(Accept);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Connections accepted so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Listens on an address of a namespace (null: of where the test runs); port 0: any.</summary>
    public static TcpServer Start(NetworkNamespace? home, IPEndPoint listen, Func<Socket, Task> serve) =>
        StartOn(
            home?.OpenSocket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                ?? new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
            listen,
            serve
        );

    /// <summary>The same on a socket that is not bound yet; one of SCTP will do.</summary>
    public static TcpServer StartOn(Socket listener, IPEndPoint listen, Func<Socket, Task> serve)
    {
        listener.Bind(listen);
        listener.Listen(1024);
        return new TcpServer(listener, serve);
    }

    /// <summary>Closes with RST instead of FIN.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _accepted);
            _ = Serve(socket);
        }
    }

    private async Task Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _serve(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client went away: that is its right.
            }
        }
    }
}
