using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Clients;

/// <summary>
/// A client comes back to the backend it had. All loops share one table for each listener and upstream, or for each
/// service whose listeners belong together, so it does not matter where a client's next connection arrives.
/// <para>
/// A client is remembered as long as it has sessions and, after the last has ended, for the time that the policy names.
/// When the first connections of a client come to several loops at once, whoever is first to choose has chosen for all
/// (<see cref="Remembrance.Settle"/>). At the bound of the table the client without sessions that was unseen for
/// longest is forgotten; when all have sessions, new ones are served without being remembered.
/// </para>
/// </summary>
internal sealed class ClientMemory
{
    private readonly ClientTable<MemoryRecord> _table;
    private readonly ClientMask _mask;

    private ClientMemory(Persistence policy, ClientTable<MemoryRecord> table)
    {
        _table = table;
        _mask = MaskOf(policy);
        Timeout = (long)policy.Timeout.TotalMicroseconds;
    }

    /// <summary>Microseconds after its last session.</summary>
    public long Timeout { get; }

    /// <summary>The memory by this policy. Who is known stays known, where that can be.</summary>
    public static ClientMemory By(Persistence policy, ClientMemory? former)
    {
        var stays = former is not null && former._mask == MaskOf(policy) && former._table.Size == policy.TableSize;
        return new(policy, stays ? former!._table : new(policy.TableSize));
    }

    /// <summary>Clients that are known, and how many ever had to make room.</summary>
    public (long Known, long Crowded) Count() => _table.Count();

    /// <summary>Which backend the client had; null: none, or too long ago.</summary>
    /// <param name="group">Of backends: a client is remembered in each for itself.</param>
    /// <param name="now">The loop's time, in microseconds.</param>
    /// <param name="slot">Its own until it is released; negative: it is not remembered.</param>
    public ServiceBackend? Recall(
        in SocketAddress client,
        UInt128 group,
        long now,
        out ClientTable<MemoryRecord>.Shard shard,
        out int slot
    )
    {
        var key = _mask.Of(client) ^ group;
        shard = _table.ShardOf(key, out var hash);
        lock (shard.Gate)
        {
            slot = shard.Map.Take(key, hash, now);
            if (slot < 0)
            {
                return null;
            }
            ref var record = ref shard.Map[slot];
            if (record.Until <= now)
            {
                record.Backend = null;
            }
            // As long as somebody uses it, it is not over.
            record.Until = long.MaxValue;
            return record.Backend;
        }
    }

    private static ClientMask MaskOf(Persistence policy) => new(policy.MaskIpv4, policy.MaskIpv6);
}
