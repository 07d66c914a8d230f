using System.Numerics;

namespace Fulcrum.Proxy.Clients;

/// <summary>
/// Clients that all loops know of. It is in shards, each with a lock of its own that is held for as long as it takes to
/// find an entry; so two loops wait for each other only when two clients of one shard come in the same moment.
/// </summary>
internal sealed class ClientTable<T>
    where T : struct, IClientRecord
{
    /// <summary>Below this many a shard would be full long before its neighbours are.</summary>
    private const int SmallestShard = 4096;
    private const int MostShards = 64;

    private readonly Shard[] _shards;
    private readonly int _shift;

    /// <param name="size">Clients at most.</param>
    public ClientTable(int size)
    {
        Size = size;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(size / SmallestShard, 1, MostShards));
        _shift = 32 - BitOperations.Log2((uint)count);
        _shards = new Shard[count];
        for (var index = 0; index < count; index++)
        {
            _shards[index] = new Shard((size / count) + (index < size % count ? 1 : 0));
        }
    }

    public int Size { get; }

    /// <summary>Clients that are known, and how many ever had to make room.</summary>
    public (long Known, long Crowded) Count()
    {
        var (known, crowded) = (0L, 0L);
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                known += shard.Map.Count;
                crowded += shard.Map.Crowded;
            }
        }
        return (known, crowded);
    }

    /// <summary>Where a client is, if it is anywhere.</summary>
    public Shard ShardOf(UInt128 client, out int hash)
    {
        // Seeded by the runtime at random, so that nobody can choose addresses that meet in one bucket.
        hash = HashCode.Combine((ulong)(client >> 64), (ulong)client);
        return _shards[_shift == 32 ? 0 : (uint)hash >> _shift];
    }

    /// <summary>A part of the table.</summary>
    internal sealed class Shard(int capacity)
    {
        /// <summary>To be held for whatever is done with the map.</summary>
        public Lock Gate { get; } = new();

        public ClientMap<T> Map { get; } = new(capacity);
    }
}
