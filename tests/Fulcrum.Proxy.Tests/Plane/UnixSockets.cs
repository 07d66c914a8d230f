using System.Net.Sockets;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients, backends and listeners at paths.</summary>
internal static class UnixSockets
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static Listener Listener(string path, ListenerProtocol protocol = ListenerProtocol.Unix) =>
        new() { Protocol = protocol, Path = path };

    public static Socket Listen(string path, SocketType type = SocketType.Stream)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Bind(EndPoint(path));
        socket.Listen(1024);
        return socket;
    }

    public static async Task<Socket> ConnectAsync(string path, SocketType type = SocketType.Stream)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(EndPoint(path)).WaitAsync(Bound);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The runtime's abstract names begin with a zero.
    private static UnixDomainSocketEndPoint EndPoint(string path) =>
        new(path.StartsWith('@') ? $"\0{path[1..]}" : path);
}
