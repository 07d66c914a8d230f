using System.Net;
using Fulcrum.Engine.Ports;
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

    public ServiceBackend(BackendKey key, int loops)
    {
        Key = key;
        Address = key.Path is { } path ? SocketAddress.Unix(path) : SocketAddress.From(key.Address!, key.Port ?? 0);
        Cells = SessionCell.Many(loops);
    }

    public BackendKey Key { get; }

    /// <summary>Where it is; the port is 0 when it is the one that the client used, or when there are none.</summary>
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

    /// <summary>Sessions on all loops.</summary>
    public int Active => (int)_active.Value;

    /// <summary>Counts a session in, unless that would make more than <paramref name="limit"/>.</summary>
    public bool TryEnter(int limit) => _active.TryEnter(limit);

    public void Leave() => _active.Leave();

    /// <summary>A client could not be served. True: that makes <paramref name="limit"/> in a row.</summary>
    public bool Fail(int limit) => _failures.Fail(limit);

    public void Succeed() => _failures.Succeed();
}
