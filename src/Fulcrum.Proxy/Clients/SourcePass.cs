namespace Fulcrum.Proxy.Clients;

/// <summary>What a session holds of its source's share, until it gives it back.</summary>
internal struct SourcePass
{
    private ClientTable<SourceRecord>.Shard? _shard;
    private readonly int _slot;

    public SourcePass(ClientTable<SourceRecord>.Shard shard, int slot) => (_shard, _slot) = (shard, slot);

    /// <summary>The session has ended.</summary>
    public void Leave()
    {
        if (_shard is not { } shard)
        {
            return;
        }
        _shard = null;
        lock (shard.Gate)
        {
            shard.Map[_slot].Active--;
            _ = shard.Map.Release(_slot);
        }
    }
}
