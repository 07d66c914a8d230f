using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Transparent;

/// <summary>Tells everybody who sends a datagram from where it came.</summary>
internal sealed class DatagramServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Task _serving;

    private DatagramServer(Socket socket)
    {
        _socket = socket;
        _serving = Task.Run(Serve);
    }

    public static DatagramServer Start(NetworkNamespace home, IPEndPoint listen)
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
        var buffer = new byte[512];
        var anybody = new IPEndPoint(
            _socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, anybody);
                await _socket.SendToAsync(
                    Encoding.ASCII.GetBytes($"{received.RemoteEndPoint}"),
                    received.RemoteEndPoint
                );
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
