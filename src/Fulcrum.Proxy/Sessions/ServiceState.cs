using Fulcrum.Model.Values;
using Fulcrum.Proxy.Waiting;

namespace Fulcrum.Proxy.Sessions;

/// <summary>One service over all generations and loops.</summary>
internal sealed class ServiceState
{
    private Map<string, WaitingRoom> _rooms = Map<string, WaitingRoom>.Empty;
    private SessionCount _active;
    private RetryCount? _retries;

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

    /// <summary>How many retries there may be; null: nobody wants to know.</summary>
    public RetryCount? Retries => Volatile.Read(ref _retries);

    /// <summary>Sessions that wait for a place on a backend; null: nobody ever did.</summary>
    public long? Waiting =>
        Volatile.Read(ref _rooms) is { Count: > 0 } rooms ? rooms.Values.Sum(room => (long)room.Waiting) : null;

    /// <summary>Sessions on all loops.</summary>
    public long Active => _active.Value;

    /// <summary>Counts a session in, unless that would make more than <paramref name="limit"/>.</summary>
    public bool TryEnter(int limit) => _active.TryEnter(limit);

    /// <summary>
    /// Where those wait who are to go to the upstream: the same from the first time that it is wanted, whatever becomes
    /// of the table that wanted it. For the one who prepares.
    /// </summary>
    public WaitingRoom RoomFor(string upstream)
    {
        if (_rooms[upstream] is not { } room)
        {
            room = new WaitingRoom(Cells.Length);
            Volatile.Write(ref _rooms, _rooms.With(upstream, room));
        }
        return room;
    }

    /// <summary>Counts sessions and retries from now on.</summary>
    public void CountRetries() => Volatile.Write(ref _retries, Retries ?? new RetryCount(Cells.Length));

    public void Leave() => _active.Leave();
}
