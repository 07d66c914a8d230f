using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Marking;

/// <summary>A question and its answer over TCP or UDP, and who the server saw.</summary>
internal static class Exchange
{
    private const int MostBytes = 16 << 10;

    /// <summary>Serves on every port that is given: what comes goes back, after the address that it came from.</summary>
    public static IDisposable Serve(Host host, ProtocolType protocol, IPAddress address, params int[] ports)
    {
        var sockets = ports.Select(port => Listen(host, protocol, new(address, port))).ToList();
        return new Servers(sockets);
    }

    /// <summary>What the server answers: the address that it saw, and how many bytes came. Null: nobody answered.</summary>
    public static async Task<string?> AskAsync(
        Host host,
        ProtocolType protocol,
        IPEndPoint to,
        int bytes = 4,
        TimeSpan? patience = null
    )
    {
        using var socket = Open(host, protocol, to.AddressFamily);
        using var enough = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(10));
        try
        {
            await socket.ConnectAsync(to, enough.Token);
            await socket.SendAsync(new byte[bytes], enough.Token);
            var answer = new byte[200];
            var length = await socket.ReceiveAsync(answer, enough.Token);
            return Encoding.ASCII.GetString(answer, 0, length);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket Open(Host host, ProtocolType protocol, AddressFamily family) =>
        host.Namespace.OpenSocket(
            family,
            protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram,
            protocol
        );

    private static Socket Listen(Host host, ProtocolType protocol, IPEndPoint at)
    {
        var socket = Open(host, protocol, at.AddressFamily);
        socket.Bind(at);
        if (protocol == ProtocolType.Tcp)
        {
            socket.Listen();
            _ = AcceptAsync(socket);
        }
        else
        {
            _ = AnswerAsync(socket);
        }

        return socket;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                using var one = await listener.AcceptAsync();
                var length = await one.ReceiveAsync(new byte[MostBytes]);
                await one.SendAsync(Words(one.RemoteEndPoint!, length));
            }
        }
        catch (SocketException)
        {
            // It was closed.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    private static async Task AnswerAsync(Socket socket)
    {
        var room = new byte[MostBytes];
        var from = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any,
            0
        );
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(room, from);
                await socket.SendToAsync(Words(got.RemoteEndPoint, got.ReceivedBytes), got.RemoteEndPoint);
            }
        }
        catch (SocketException)
        {
            // It was closed.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    private static byte[] Words(EndPoint from, int bytes) =>
        Encoding.ASCII.GetBytes($"{((IPEndPoint)from).Address} {bytes}");

    private sealed class Servers(List<Socket> sockets) : IDisposable
    {
        public void Dispose() => sockets.ForEach(socket => socket.Dispose());
    }
}
