using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Wide;

/// <summary>Answers each datagram with the port that it came to.</summary>
internal sealed class PortTeller : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Task _serving;

    private PortTeller(Socket socket)
    {
        _socket = socket;
        _serving = Task.Run(Serve);
    }

    public static PortTeller Start(NetworkNamespace home, IPEndPoint listen)
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
        var own = (IPEndPoint)_socket.LocalEndPoint!;
        var answer = Encoding.ASCII.GetBytes($"{own.Port}");
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(own.Address, 0));
                await _socket.SendToAsync(answer, received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
