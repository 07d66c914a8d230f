using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Waiting;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Sessions;

/// <summary>What makes a backend of a service the same one in the next generation.</summary>
internal readonly record struct BackendKey(
    string Upstream,
    string Id,
    IPAddress? Address,
    int? Port,
    string? Path = null
)
{
    public static BackendKey? Of(string upstream, PlaneBackend backend) =>
        backend.HasPlace ? new BackendKey(upstream, backend.Id, backend.Address, backend.Port, backend.Path) : null;
}

/// <summary>One backend of one service over all generations and loops.</summary>
internal sealed class ServiceBackend
{
    private SessionCount _active;
    private FailureStreak _failures;
    private OutcomeBoard? _outcomes;
    private WaitingRoom? _room;
    private bool _isFull;

    public ServiceBackend(BackendKey key, int loops)
    {
        Key = key;
        Address =
            key.Path is null ? SocketAddress.From(key.Address!, key.Port ?? 0)
            : SocketAddress.IsUnixPath(key.Path) ? SocketAddress.Unix(key.Path)
            : default;
        Cells = SessionCell.Many(loops);
        OnLoops = new LoopBackend?[loops];
    }

    public BackendKey Key { get; }

    /// <summary>
    /// Where it is; the port is 0 when it is the one that the client used, or when there are none. A pipe or a program may
    /// have a path that is longer than a socket's, and none of this.
    /// </summary>
    public SocketAddress Address { get; }

    /// <summary>Counters by number of the loop.</summary>
    public SessionCell[] Cells { get; }

    /// <summary>
    /// What became of connections in the last while. Only made for those who ask: most upstreams have no rule about it.
    /// </summary>
    public OutcomeBoard Outcomes =>
        Volatile.Read(ref _outcomes)
        ?? Interlocked.CompareExchange(ref _outcomes, new OutcomeBoard(Cells.Length), null)
        ?? _outcomes;

    /// <summary>What each loop has of it; each knows its own place only.</summary>
    public LoopBackend?[] OnLoops { get; }

    /// <summary>Where those wait who would come here, if anywhere. Once it is there it stays the same.</summary>
    public WaitingRoom? Room
    {
        get => Volatile.Read(ref _room);
        set => Volatile.Write(ref _room, value);
    }

    /// <summary>Sessions on all loops.</summary>
    public int Active => (int)_active.Value;

    /// <summary>Whether one more may come. Once it was full, only when there are fewer than <paramref name="resume"/>.</summary>
    /// <param name="resume">0: as soon as there are fewer than <paramref name="limit"/>.</param>
    public bool HasRoom(int limit, int resume)
    {
        var active = Active;
        return active < limit && (resume == 0 || active < resume || !Volatile.Read(ref _isFull));
    }

    /// <summary>Counts a session in, if there is room for it.</summary>
    public bool TryEnter(int limit, int resume)
    {
        if (resume == 0)
        {
            return _active.TryEnter(limit);
        }
        if (!HasRoom(limit, resume) || !_active.TryEnter(limit, out var count))
        {
            return false;
        }
        var isFull = count == limit;
        if (isFull != Volatile.Read(ref _isFull))
        {
            Volatile.Write(ref _isFull, isFull);
        }
        return true;
    }

    public void Leave()
    {
        _active.Leave();
        Room?.Call();
    }

    /// <summary>A client could not be served. True: that makes <paramref name="limit"/> in a row.</summary>
    public bool Fail(int limit) => _failures.Fail(limit);

    public void Succeed() => _failures.Succeed();
}
