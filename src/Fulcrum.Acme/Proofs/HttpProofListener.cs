using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Proofs;

/// <summary>
/// Answers requests for proofs, one on each connection, and everything else with 404. Anybody may connect: there are so
/// many connections at most, and each has so long and so many bytes.
/// </summary>
internal sealed class HttpProofListener : IDisposable
{
    private const int MostConnections = 64;
    private const int Backlog = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly byte[] NotFound =
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly Socket _listener;
    private readonly Func<string, string?> _find;
    private readonly CancellationTokenSource _end = new();
    private int _connections;

    private HttpProofListener(Socket listener, Func<string, string?> find)
    {
        _listener = listener;
        _find = find;
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    /// <param name="find">The page of a token. Null: there is none.</param>
    /// <exception cref="SocketException">The place cannot be had.</exception>
    public static HttpProofListener Start(IPEndPoint place, Func<string, string?> find)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (place.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(place);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var listener = new HttpProofListener(socket, find);
        _ = Task.Run(() => listener.AcceptAsync(listener._end.Token));
        return listener;
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Socket connection;
            try
            {
                connection = await _listener.AcceptAsync(end);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Of that one connection, which was gone before it was accepted.
                continue;
            }

            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                Interlocked.Decrement(ref _connections);
                connection.Dispose();
                continue;
            }

            _ = ServeAsync(connection, end);
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(Patience);
        try
        {
            await AnswerAsync(connection, patience.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked is gone or took too long.
        }
        finally
        {
            connection.Dispose();
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task AnswerAsync(Socket connection, CancellationToken cancellation)
    {
        var buffer = new byte[HttpChallengeRequest.MostBytes];
        var length = 0;
        HttpChallengeReading reading;
        string? token;
        while (
            (reading = HttpChallengeRequest.Read(buffer.AsSpan(0, length), out token)) == HttpChallengeReading.Partial
        )
        {
            var more = await connection.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellation);
            if (more == 0)
            {
                return;
            }

            length += more;
        }

        var page = reading == HttpChallengeReading.Token ? _find(token!) : null;
        var rest = page is null ? NotFound : PageOf(page);
        while (rest.Length > 0)
        {
            rest = rest[await connection.SendAsync(rest, SocketFlags.None, cancellation)..];
        }

        connection.Shutdown(SocketShutdown.Send);
        // Until the other side has read it: closing with bytes unread would reset what is under way.
        while (await connection.ReceiveAsync(buffer, SocketFlags.None, cancellation) > 0) { }
    }

    private static byte[] PageOf(string page) =>
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {page.Length}\r\nConnection: close\r\n\r\n{page}"
        );
}
