namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// One service over all generations and loops. The number of its sessions is the one thing that loops share when a
/// session begins and ends: a limit has to be exact, and an atomic addition is small beside accepting a connection.
/// </summary>
internal sealed class ServiceState
{
    private long _active;

    public ServiceState(string name, int loops)
    {
        Name = name;
        Cells = SessionCell.Many(loops);
    }

    public string Name { get; }

    /// <summary>Counters by number of the loop.</summary>
    public SessionCell[] Cells { get; }

    /// <summary>Sessions on all loops.</summary>
    public long Active => Volatile.Read(ref _active);

    /// <summary>Counts a session in, unless that would make more than <paramref name="limit"/>.</summary>
    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _active) <= limit)
        {
            return true;
        }
        _ = Interlocked.Decrement(ref _active);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _active);
}
