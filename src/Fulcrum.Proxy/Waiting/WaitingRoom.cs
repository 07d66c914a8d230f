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
    public bool TryEnter(int size)
    {
        if (Interlocked.Increment(ref _waiting) <= size)
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
    public void Call() => CallAfter(long.MinValue, -1);

    /// <summary>
    /// There may be a place that is of no use to those who wait in this line: for those whose first has waited less long.
    /// </summary>
    public void CallBehind(WaitingLine line)
    {
        var since = line.Since;
        CallAfter(since == WaitingLine.Nobody ? long.MinValue : since, Array.IndexOf(_lines, line));
    }

    private void CallAfter(long since, int loop)
    {
        if (Waiting == 0)
        {
            return;
        }
        WaitingLine? next = null;
        var nextSince = WaitingLine.Nobody;
        for (var index = 0; index < _lines.Length; index++)
        {
            if (Volatile.Read(ref _lines[index]) is { } line)
            {
                var its = line.Since;
                if ((its, index).CompareTo((since, loop)) > 0 && its < nextSince)
                {
                    (next, nextSince) = (line, its);
                }
            }
        }
        next?.Call();
    }
}
