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

    /// <summary>Reads the page once.</summary>
    public static void Scrape(string node)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(node));
        socket.Send("GET /metrics HTTP/1.1\r\nHost: fulcrum\r\nConnection: close\r\n\r\n"u8);
        Span<byte> buffer = stackalloc byte[16 * 1024];
        var isFirst = true;
        for (int length; (length = socket.Receive(buffer)) > 0; isFirst = false)
        {
            if (isFirst && !buffer[..length].StartsWith("HTTP/1.1 200"u8))
            {
                throw new InvalidOperationException("the node does not tell its metrics");
            }
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
        try
        {
            do
            {
                Scrape(_node);
            } while (!_ended.WaitOne(Interval));
        }
        catch (SocketException)
        {
            // The node has ended; who measures it finds that out, and tells what it said.
        }
    }
}
