using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests;

/// <summary>One connection that is kept, and asked over it from time to time.</summary>
internal sealed class KeptConnection : IDisposable
{
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray();

    private readonly Socket _socket;

    private KeptConnection(Socket socket) => _socket = socket;

    public static async Task<KeptConnection> Open(NetworkNamespace home, IPEndPoint target)
    {
        var socket = home.OpenSocket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(target), $"a connection to {target}");
        var connection = new KeptConnection(socket);
        await connection.Ask();
        return connection;
    }

    public static async Task<bool> CanOpen(NetworkNamespace home, IPEndPoint target)
    {
        using var socket = home.OpenSocket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await Wait.For(socket.ConnectAsync(target), $"a connection to {target}");
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A request and a whole good answer, on this very connection. Returns who gave it.</summary>
    public async Task<string> Ask()
    {
        await _socket.SendAsync(Request);
        var buffer = new byte[4096];
        var text = "";
        while (!IsWhole(text))
        {
            var read = await Wait.For(_socket.ReceiveAsync(buffer), "an answer on a kept connection");
            Assert.True(read > 0, $"the connection was closed after '{text}'");
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        return text[^2..];
    }

    public void Dispose() => _socket.Dispose();

    // The label is the body: two letters after the empty line.
    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end >= 0 && text.Length >= end + 6;
    }
}
