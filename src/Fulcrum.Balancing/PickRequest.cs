namespace Fulcrum.Balancing;

/// <summary>For whom a backend is wanted.</summary>
/// <param name="clientHash">64 well mixed bits of what the client is known by; see <see cref="Hashing.ClientHash"/>.</param>
/// <param name="load">The load of the candidates.</param>
/// <param name="tried">Indices that are not to be chosen because they have just failed; a few, since it is searched.</param>
public readonly ref struct PickRequest(ulong clientHash, ILoad load, ReadOnlySpan<int> tried = default)
{
    private readonly ReadOnlySpan<int> _tried = tried;

    public ulong ClientHash { get; } = clientHash;

    public ILoad Load { get; } = load;

    /// <summary>Whether the candidate at <paramref name="index"/> may be chosen for this request.</summary>
    internal bool Allows(int index) => !_tried.Contains(index) && Load.HasRoom(index);
}
