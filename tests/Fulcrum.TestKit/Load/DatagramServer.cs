using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>Answers each datagram with a text.</summary>
public sealed class DatagramServer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Func<EndPoint, string> _answer;
    private readonly Task _answering;

    /// <param name="answer">To whoever sent it.</param>
    public DatagramServer(NetworkNamespace home, IPEndPoint at, Func<EndPoint, string> answer)
    {
        _answer = answer;
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
                await _socket.SendToAsync(
                    Encoding.ASCII.GetBytes(_answer(datagram.RemoteEndPoint)),
                    datagram.RemoteEndPoint
                );
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
