using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Udp;

/// <summary>What all UDP listeners of one loop share: the batches, and the sessions that wait to be used again.</summary>
internal sealed class UdpRelay : IDisposable
{
    /// <summary>How many datagrams one system call moves.</summary>
    public const int BatchSize = 32;

    private const int MaxPooled = 16_384;

    private readonly Stack<UdpSession> _pool = new();
    private readonly Action _ended;

    /// <param name="loop">Whose sessions these are.</param>
    /// <param name="ended">Called after each session.</param>
    public UdpRelay(EventLoop loop, Action ended)
    {
        Loop = loop;
        _ended = ended;
        Requests = new DatagramBatch(BatchSize);
        Replies = new ReplyBatch(loop.Reactor, BatchSize);
    }

    public EventLoop Loop { get; }

    public DatagramBatch Requests { get; }

    public ReplyBatch Replies { get; }

    /// <summary>Takes sessions that have ended, where somebody wants to know.</summary>
    public AccessRing? Ring { get; init; }

    /// <summary>Sessions that exist.</summary>
    public int Active { get; private set; }

    public UdpSession Rent()
    {
        Active++;
        return _pool.TryPop(out var session) ? session : new UdpSession(this);
    }

    public void Recycle(UdpSession session)
    {
        Active--;
        if (_pool.Count < MaxPooled)
        {
            _pool.Push(session);
        }
        _ended();
    }

    public void Dispose()
    {
        Requests.Dispose();
        Replies.Dispose();
    }
}
