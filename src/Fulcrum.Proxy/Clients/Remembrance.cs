using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Clients;

/// <summary>A session's hold on what is remembered of its client.</summary>
internal struct Remembrance
{
    private ClientMemory? _memory;
    private ClientTable<MemoryRecord>.Shard? _shard;
    private UInt128 _group;
    private int _slot;

    /// <summary>The backend that the client had, or has by now; null: none.</summary>
    /// <param name="group">Of backends: a client is remembered in each for itself.</param>
    /// <param name="now">The loop's time, in microseconds.</param>
    public ServiceBackend? Recall(ClientMemory memory, in SocketAddress client, UInt128 group, long now)
    {
        if (ReferenceEquals(memory, _memory) && group == _group && _shard is { } shard)
        {
            lock (shard.Gate)
            {
                return shard.Map[_slot].Backend;
            }
        }
        Leave(now);
        (_memory, _group) = (memory, group);
        var backend = memory.Recall(client, group, now, out shard, out _slot);
        _shard = _slot < 0 ? null : shard;
        return backend;
    }

    /// <summary>
    /// The client shall have the chosen backend from now on, unless another of its sessions has found it one since
    /// <paramref name="seen"/> was; returns which it is.
    /// </summary>
    public readonly ServiceBackend Settle(ServiceBackend? seen, ServiceBackend chosen)
    {
        if (_shard is not { } shard)
        {
            return chosen;
        }
        lock (shard.Gate)
        {
            ref var record = ref shard.Map[_slot];
            if (record.Backend is { } other && !ReferenceEquals(other, seen))
            {
                return other;
            }
            record.Backend = chosen;
            return chosen;
        }
    }

    /// <summary>The session has ended: the time of forgetting begins, if it was the client's last.</summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    public void Leave(long now)
    {
        if (_shard is { } shard)
        {
            lock (shard.Gate)
            {
                if (shard.Map.Release(_slot))
                {
                    shard.Map[_slot].Until = now + _memory!.Timeout;
                }
            }
        }
        (_memory, _shard) = (null, null);
    }
}
