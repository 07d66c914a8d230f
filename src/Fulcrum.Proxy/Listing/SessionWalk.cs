namespace Fulcrum.Proxy.Listing;

/// <summary>
/// How far somebody has looked at the sessions of one loop, and what was found since the turn before. Handed to and fro:
/// the loop has it during a turn, and who asks between turns.
/// </summary>
/// <param name="filter">What is asked for.</param>
/// <param name="place">Where to begin.</param>
/// <param name="room">So many are copied; others are counted.</param>
internal sealed class SessionWalk(SessionFilter filter, int place, int room)
{
    private int _room = room;

    /// <summary>The next to look at.</summary>
    public int Place { get; set; } = place;

    /// <summary>There are no more places.</summary>
    public bool IsOver { get; set; }

    /// <summary>What was found in this turn.</summary>
    public List<SessionSight> Found { get; } = [];

    /// <summary>How many were found that had no room.</summary>
    public int More { get; private set; }

    public void Take(in SessionSight sight)
    {
        if (!filter.Admits(sight))
        {
            return;
        }
        if (_room == 0)
        {
            More++;
            return;
        }
        _room--;
        Found.Add(sight);
    }
}
