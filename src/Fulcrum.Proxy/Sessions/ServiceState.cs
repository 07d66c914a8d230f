namespace Fulcrum.Proxy.Sessions;

/// <summary>One service over all generations and loops.</summary>
internal sealed class ServiceState
{
    private SessionCount _active;

    public ServiceState(string name, int loops)
    {
        Name = name;
        Cells = SessionCell.Many(loops);
        Connects = DurationCell.Many(loops);
        Lengths = DurationCell.Many(loops);
    }

    public string Name { get; }

    /// <summary>Counters by number of the loop.</summary>
    public SessionCell[] Cells { get; }

    /// <summary>How long connecting took, by number of the loop.</summary>
    public DurationCell[] Connects { get; }

    /// <summary>How long sessions were, by number of the loop.</summary>
    public DurationCell[] Lengths { get; }

    /// <summary>Sessions on all loops.</summary>
    public long Active => _active.Value;

    /// <summary>Counts a session in, unless that would make more than <paramref name="limit"/>.</summary>
    public bool TryEnter(int limit) => _active.TryEnter(limit);

    public void Leave() => _active.Leave();
}
