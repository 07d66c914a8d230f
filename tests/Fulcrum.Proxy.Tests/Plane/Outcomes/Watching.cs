using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What an end of a session does and sees, to the byte.</summary>
internal static class Watching
{
    private const int Piece = 16_384;

    /// <summary>Sends as much of the pattern as finds room, without waiting. Returns the bytes sent.</summary>
    public static long SendWhatFits(this Socket socket, long from)
    {
        var buffer = new byte[Piece];
        long sent = 0;
        while (socket.Poll(0, SelectMode.SelectWrite))
        {
            for (var index = 0; index < buffer.Length; index++)
            {
                buffer[index] = ByteAt(from + sent + index);
            }
            socket.Blocking = false;
            sent += socket.Send(buffer, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                throw new SocketException((int)error);
            }
        }
        return sent;
    }

    /// <summary>Reads the pattern until its end, and sees that it is the ending that is expected.</summary>
    public static async Task<long> AssertEndsAsync(this Socket socket, Ending ending, long sent = 0)
    {
        long read = 0;
        switch (ending)
        {
            case Ending.End:
                read = await ReadAsync(socket, count => read = count);
                Assert.Equal(sent, read);
                break;
            case Ending.Reset:
                var exception = await Assert.ThrowsAsync<SocketException>(() =>
                    ReadAsync(socket, count => read = count)
                );
                Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
                Assert.InRange(read, 0, sent);
                break;
            case Ending.Cut:
                await Wait.Until(
                    () => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0,
                    "the connection to be broken"
                );
                break;
            default:
                break;
        }
        return read;
    }

    private static async Task<long> ReadAsync(Socket socket, Action<long> progress)
    {
        var buffer = new byte[Piece];
        long read = 0;
        int count;
        while ((count = await socket.ReceiveSomeAsync(buffer)) > 0)
        {
            for (var index = 0; index < count; index++)
            {
                if (buffer[index] != ByteAt(read + index))
                {
                    Assert.Fail($"byte {read + index} is not what was sent");
                }
            }
            read += count;
            progress(read);
        }
        return read;
    }

    private static byte ByteAt(long position) => (byte)((position * 31) + (position >> 9));
}
