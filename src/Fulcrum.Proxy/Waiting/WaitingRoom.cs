namespace Fulcrum.Proxy.Waiting;

/// <summary>
/// Where the sessions of a service wait that lead to one upstream, when all of its backends that could serve are full.
/// How many wait is exact over all loops. On each loop they stand in a <see cref="WaitingLine"/>; whoever frees a place
/// calls the line whose first has waited longest, so that no loop's clients are served before another's.
/// <para>
/// Nobody is forgotten: a session counts itself in before it looks for a place once more, and a place is freed before
/// the count is read, both with a full fence; so either the one sees the place or the other sees that somebody waits.
/// </para>
/// </summary>
internal sealed class WaitingRoom
{
    private readonly WaitingLine?[] _lines;
    private int _waiting;

    public WaitingRoom(int loops) => _lines = new WaitingLine?[loops];

    /// <summary>Sessions that wait, on all loops.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Counts a session in, unless that would make more than <paramref name="size"/>.</summary>
    /// <param name="isOnly">Nobody else waits.</param>
    public bool TryEnter(int size, out bool isOnly)
    {
        var waiting = Interlocked.Increment(ref _waiting);
        isOnly = waiting == 1;
        if (waiting <= size)
        {
            return true;
        }
        _ = Interlocked.Decrement(ref _waiting);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>The line of one loop, which makes it when first somebody waits there.</summary>
    public WaitingLine? this[int loop]
    {
        get => _lines[loop];
        set => Volatile.Write(ref _lines[loop], value);
    }

    /// <summary>There may be a place for somebody.</summary>
    public void Call()
    {
        if (Waiting == 0)
        {
            return;
        }
        WaitingLine? longest = null;
        var since = WaitingLine.Nobody;
        for (var loop = 0; loop < _lines.Length; loop++)
        {
            if (Volatile.Read(ref _lines[loop]) is { } line && line.Since < since)
            {
                (longest, since) = (line, line.Since);
            }
        }
        longest?.Call();
    }
}
