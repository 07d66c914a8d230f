using System.Net.Sockets;
using System.Text;

namespace Fulcrum.Bench.Control;

/// <summary>Follows the events of a node over a socket of its own, and counts them; or does not read at all.</summary>
internal sealed class EventConsumer : IDisposable
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        "GET /api/v1/events?types=configuration HTTP/1.1\r\nHost: fulcrum\r\n\r\n"
    );

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private long _events;

    /// <param name="reads">False: it asks, and takes nothing of the answer.</param>
    public EventConsumer(string socket, bool reads)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(socket));
        _socket.Send(Request);
        Ended = reads ? Task.Run(ReadAsync) : Task.CompletedTask;
    }

    public long Events => Interlocked.Read(ref _events);

    /// <summary>Its stream began.</summary>
    public bool Begun { get; private set; }

    public Task Ended { get; }

    /// <summary>The other side has given up on it.</summary>
    public bool IsCutOff()
    {
        try
        {
            var rest = new byte[64 * 1024];
            while (_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                if (_socket.Receive(rest) == 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory()) is var count and > 0)
            {
                Begun = true;
                // Each event has one line that begins so, and no text in it does.
                _ = Interlocked.Add(ref _events, Count(buffer.AsSpan(0, count)));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (int at; (at = text.IndexOf("event: c"u8)) >= 0; count++)
        {
            text = text[(at + 1)..];
        }

        return count;
    }
}
