using System.Net;
using System.Net.Sockets;
using Fulcrum.Interop.Tests.Proxying;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Stands between a client and Fulcrum, and passes on what the client says a few bytes at a time.</summary>
internal sealed class Chopper : IAsyncDisposable
{
    private const int Handshake = 22;
    private const int RecordHead = 5;
    private const int Whole = 1 << 20;

    private readonly TcpServer _server;
    private readonly NetworkNamespace _home;
    private readonly IPEndPoint _target;
    private readonly int _length;

    private Chopper(NetworkNamespace home, IPEndPoint target, int length)
    {
        (_home, _target, _length) = (home, target, length);
        _server = TcpServer.Start(home, new(IPAddress.Loopback, 0), Serve);
    }

    public int Port => _server.EndPoint.Port;

    /// <summary>Bytes of the first message that passed.</summary>
    public int HelloLength { get; private set; }

    /// <param name="length">Bytes in a segment; zero: as they come.</param>
    public static Chopper Start(NetworkNamespace home, int port, int length) =>
        new(home, new(IPAddress.Loopback, port), length == 0 ? Whole : length);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Serve(Socket client)
    {
        var socket = _home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_target);
        await using var to = new TinySegments(socket, _length);
        await using var from = new NetworkStream(client);
        try
        {
            var up = PassOn(from, to, socket);
            await to.CopyToAsync(from);
            client.Shutdown(SocketShutdown.Send);
            await up;
        }
        catch (IOException)
        {
            // One of both has reset it: the client sees that, too.
            TcpServer.Reset(client);
        }
    }

    private async Task PassOn(NetworkStream from, TinySegments to, Socket socket)
    {
        var buffer = new byte[1 << 17];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            if (HelloLength == 0 && count > RecordHead + 4 && buffer[0] == Handshake)
            {
                HelloLength =
                    4 + (buffer[RecordHead + 1] << 16) + (buffer[RecordHead + 2] << 8) + buffer[RecordHead + 3];
            }
            await to.WriteAsync(buffer.AsMemory(0, count));
        }
        socket.Shutdown(SocketShutdown.Send);
    }
}
