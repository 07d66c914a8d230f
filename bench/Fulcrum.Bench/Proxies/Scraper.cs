using System.Net.Sockets;

namespace Fulcrum.Bench.Proxies;

/// <summary>Reads a node's page of metrics, as Prometheus does but more often, until it is disposed.</summary>
internal sealed class Scraper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEvent _ended = new(false);
    private readonly string _node;
    private readonly Thread _thread;

    public Scraper(string socket)
    {
        _node = socket;
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Reads the page once. False when nobody is there: the node begins, or has ended.</summary>
    /// <exception cref="InvalidOperationException">The node answers something else.</exception>
    public static bool TryScrape(string node)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(node));
            socket.Send("GET /metrics HTTP/1.1\r\nHost: fulcrum\r\nConnection: close\r\n\r\n"u8);
            Span<byte> buffer = stackalloc byte[16 * 1024];
            for (int sum = 0, length; (length = socket.Receive(buffer)) > 0; sum += length)
            {
                if (sum == 0 && !buffer[..length].StartsWith("HTTP/1.1 200"u8))
                {
                    throw new InvalidOperationException("the node does not tell its metrics");
                }
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Work()
    {
        while (TryScrape(_node) && !_ended.WaitOne(Interval)) { }
    }
}
