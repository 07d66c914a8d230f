using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>Answers each datagram with a name.</summary>
public sealed class NamedDatagramServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _name;
    private readonly Task _answering;

    public NamedDatagramServer(NetworkNamespace home, IPEndPoint at, string name)
    {
        _name = Encoding.ASCII.GetBytes(name);
        _socket = home.OpenSocket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(at);
        _answering = Task.Run(Answer);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _answering;
    }

    private async Task Answer()
    {
        var buffer = new byte[4096];
        var any = new IPEndPoint(
            _socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveFromAsync(buffer, any);
                await _socket.SendToAsync(_name, datagram.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
