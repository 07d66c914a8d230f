using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Offload;

/// <summary>Sends datagrams back, and knows who has sent any.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private const int Longest = 65_536;

    private readonly ConcurrentDictionary<EndPoint, bool> _peers = new();
    private readonly Socket _socket;
    private readonly Task _serving;

    private EchoServer(Socket socket)
    {
        _socket = socket;
        _serving = Task.Run(Serve);
    }

    public IEnumerable<IPEndPoint> Peers => _peers.Keys.Cast<IPEndPoint>();

    public static EchoServer Start(NetworkNamespace home, IPEndPoint listen)
    {
        var socket = home.OpenSocket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(listen);
        return new(socket);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
    }

    private async Task Serve()
    {
        var buffer = new byte[Longest];
        var anybody = new IPEndPoint(
            _socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, anybody);
                _peers[received.RemoteEndPoint] = true;
                await _socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
