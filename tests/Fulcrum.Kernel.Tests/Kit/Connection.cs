using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>A client's connection for requests of HTTP, one after the other.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket;
    private readonly string _to;

    private Connection(Socket socket, string to)
    {
        _socket = socket;
        _to = to;
    }

    /// <summary>The client's port, by which the director's table knows it.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <param name="source">Null: as the kernel chooses.</param>
    public static async Task<Connection> Open(NetworkNamespace home, IPAddress? source, IPAddress address, ushort port)
    {
        var to = new IPEndPoint(address, port);
        var socket = home.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            await Wait.For(socket.ConnectAsync(to), $"a connection with {to}");
            return new Connection(socket, to.ToString());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks, and returns the name of the server.</summary>
    public async Task<string> Ask()
    {
        await _socket.SendAsync("GET / HTTP/1.1\r\nHost: service\r\n\r\n"u8.ToArray());
        var buffer = new byte[1024];
        var filled = 0;
        while (true)
        {
            var read = await Wait.For(_socket.ReceiveAsync(buffer.AsMemory(filled)).AsTask(), $"an answer of {_to}");
            Assert.NotEqual(0, read);
            filled += read;
            var text = Encoding.ASCII.GetString(buffer, 0, filled);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end > 0 && end + 4 + Length(text) == filled)
            {
                Assert.StartsWith("HTTP/1.1 200 ", text, StringComparison.Ordinal);
                return text[(end + 4)..];
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int Length(string head)
    {
        const string Name = "Content-Length: ";
        var start = head.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(head[start..head.IndexOf('\r', start)]);
    }
}
