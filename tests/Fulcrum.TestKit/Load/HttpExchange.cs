using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fulcrum.TestKit.Load;

/// <summary>One request and its response on a connection: the label, or the failure; and whether another may follow.</summary>
/// <remarks>Reads responses with <c>Content-Length</c>, or up to the end of the connection (RFC 9112 section 6.3).</remarks>
internal readonly record struct HttpExchange(string Label, Failure? Failure, bool Reusable)
{
    private const int ShownBytes = 80;

    public static async Task<HttpExchange> Perform(
        Socket socket,
        ReadOnlyMemory<byte> request,
        byte[] buffer,
        CancellationToken bound
    )
    {
        var received = 0;
        try
        {
            for (var sent = 0; sent < request.Length; )
            {
                sent += await socket.SendAsync(request[sent..], bound);
            }

            while (true)
            {
                if (received == buffer.Length)
                {
                    return Failed(FailureKind.BadResponse, $"more than {buffer.Length} bytes");
                }

                var length = await socket.ReceiveAsync(buffer.AsMemory(received), bound);
                received += length;
                var text = Encoding.Latin1.GetString(buffer, 0, received);
                if (TryRead(text, ended: length == 0) is { } exchange)
                {
                    return exchange;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return Failed(FailureKind.TimedOut, $"{received} bytes had come");
        }
        catch (SocketException e)
        {
            var kind = received == 0 ? FailureKind.ResetBeforeResponse : FailureKind.ResetMidResponse;
            return Failed(kind, $"{e.SocketErrorCode} after {received} bytes");
        }
    }

    /// <summary>Null: more has to come.</summary>
    internal static HttpExchange? TryRead(string text, bool ended)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return !ended ? null
                : text.Length == 0 ? Failed(FailureKind.ClosedBeforeResponse, "no byte had come")
                : Failed(FailureKind.ClosedMidResponse, $"{text.Length} bytes had come");
        }

        var lines = text[..head].Split("\r\n");
        var body = text[(head + 4)..];
        var length = Header(lines, "Content-Length");
        if (
            !lines[0].StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            || Header(lines, "Transfer-Encoding") is not null
        )
        {
            return Failed(FailureKind.BadResponse, Shown(text));
        }

        if (length is null ? !ended : body.Length < int.Parse(length, CultureInfo.InvariantCulture))
        {
            return ended ? Failed(FailureKind.ClosedMidResponse, $"{text.Length} bytes had come") : null;
        }

        var closes = Header(lines, "Connection") is "close" || ended;
        return lines[0].StartsWith("HTTP/1.1 2", StringComparison.Ordinal)
            ? new HttpExchange(Header(lines, "X-Backend") ?? body, null, !closes)
            : new HttpExchange("", new Failure(FailureKind.BadResponse, lines[0]), !closes);
    }

    private static string? Header(string[] lines, string name) =>
        lines
            .Skip(1)
            .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 1)..].Trim();

    private static HttpExchange Failed(FailureKind kind, string detail) => new("", new Failure(kind, detail), false);

    private static string Shown(string text) => text[..Math.Min(text.Length, ShownBytes)].ReplaceLineEndings(" ");
}
