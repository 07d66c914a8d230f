using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Udp;

/// <summary>What all UDP listeners of one loop share: the batches, and the sessions that wait to be used again.</summary>
internal sealed class UdpRelay : IDisposable
{
    /// <summary>How many datagrams, or trains of them, one system call moves.</summary>
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
        Requests = new DatagramBatch(BatchSize, peers: true);
        Sends = new SendBatch(BatchSize);
        Parts = new SendBatch(BatchSize);
        Replies = new ReplyBatch(loop.Reactor, BatchSize);
    }

    public EventLoop Loop { get; }

    /// <summary>What clients have sent.</summary>
    public DatagramBatch Requests { get; }

    /// <summary>What of that goes to one backend.</summary>
    public SendBatch Sends { get; }

    /// <summary>What of that goes there datagram by datagram.</summary>
    public SendBatch Parts { get; }

    public ReplyBatch Replies { get; }

    /// <summary>Room for one datagram of any size, anybody's within one call.</summary>
    public byte[] Single { get; } = GC.AllocateUninitializedArray<byte>(DatagramBatch.MaxPayload, pinned: true);

    /// <summary>Takes sessions that have ended, where somebody wants to know.</summary>
    public AccessRing? Ring { get; init; }

    /// <summary>All sessions of the loop.</summary>
    public SessionRoll Roll { get; init; } = new();

    /// <summary>Where stages write.</summary>
    public StageLog StageLog { get; init; } = new();

    /// <summary>Those sessions that the kernel carries; null: it carries none.</summary>
    public OffloadedSessions? Offloaded { get; init; }

    /// <summary>Sessions that exist.</summary>
    public int Active { get; private set; }

    public UdpSession Rent()
    {
        Active++;
        var session = _pool.TryPop(out var pooled) ? pooled : new UdpSession(this);
        Roll.Begin(session);
        return session;
    }

    public void Recycle(UdpSession session)
    {
        Active--;
        var isKept = _pool.Count < MaxPooled;
        Roll.End(session, isKept);
        if (isKept)
        {
            _pool.Push(session);
        }
        _ended();
    }

    public void Dispose()
    {
        Requests.Dispose();
        Sends.Dispose();
        Parts.Dispose();
        Replies.Dispose();
    }
}
