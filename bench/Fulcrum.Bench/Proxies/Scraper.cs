using System.Net.Sockets;

namespace Fulcrum.Bench.Proxies;

/// <summary>Reads a node's page of metrics, as Prometheus does but more often, until it is disposed.</summary>
internal sealed class Scraper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEvent _ended = new(false);
    private readonly UnixDomainSocketEndPoint _node;
    private readonly Thread _thread;

    public Scraper(string socket)
    {
        _node = new UnixDomainSocketEndPoint(socket);
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Work()
    {
        do
        {
            Scrape();
        } while (!_ended.WaitOne(Interval));
    }

    private void Scrape()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(_node);
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
}
