using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Bytes that no library would send.</summary>
internal static class RawClient
{
    private const int AlertRecord = 21;
    private const int AlertLength = 7;

    /// <param name="bytes">What it sends.</param>
    /// <param name="ends">And then its end.</param>
    public static ClientCase Case(
        string what,
        string listener,
        string outcome,
        string counted,
        byte[] bytes,
        bool ends = false
    ) =>
        new("bytes", what, listener, outcome, counted)
        {
            Ask = async (listeners, row) =>
            {
                var home = await listeners.Home();
                using var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Listeners.PortOf(row.Listener)));
                await socket.SendAsync(bytes);
                if (ends)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
                return await Wait.For(ReadAsync(socket), "the end");
            },
        };

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(length)) is var count and > 0)
            {
                length += count;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "reset";
        }
        return length == 0 ? "end of the stream"
            : length == AlertLength && buffer[0] == AlertRecord ? Alert.Of(buffer[AlertLength - 1])
            : Convert.ToHexString(buffer, 0, length);
    }
}
