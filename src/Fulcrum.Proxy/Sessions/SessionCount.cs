namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// How many sessions there are on all loops. The one thing that loops share when a session begins and ends: a limit
/// has to be exact, and an atomic addition is small beside accepting a connection.
/// </summary>
internal struct SessionCount
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    /// <summary>Counts a session in, unless that would make more than <paramref name="limit"/>.</summary>
    public bool TryEnter(int limit) => TryEnter(limit, out _);

    /// <inheritdoc cref="TryEnter(int)"/>
    /// <param name="count">With it there are so many.</param>
    public bool TryEnter(int limit, out long count)
    {
        count = Interlocked.Increment(ref _value);
        if (count <= limit)
        {
            return true;
        }
        _ = Interlocked.Decrement(ref _value);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _value);
}
