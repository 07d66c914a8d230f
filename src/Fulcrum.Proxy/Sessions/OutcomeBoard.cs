using System.Globalization;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// The share of connections to one backend that succeed, over all loops (outlier ejection by success rate). Each loop
/// counts for itself; only when something fails, the loop that saw it sums up what all have counted. A success makes no
/// share smaller, so nothing is missed.
/// <para>
/// The sum is as exact as a look at others' counters can be: what they count at this moment may be in it or not, and the
/// oldest tenth of the window leaves it as a whole. A connection that is reset before the first byte of an answer was
/// counted when it was made; its failure is added when it happens.
/// </para>
/// </summary>
internal sealed class OutcomeBoard
{
    private readonly OutcomeCell[] _cells;

    // What was counted up to here has been told already.
    private long _told = -1;

    public OutcomeBoard(int loops)
    {
        _cells = new OutcomeCell[loops];
        for (var loop = 0; loop < loops; loop++)
        {
            _cells[loop] = new OutcomeCell();
        }
    }

    public OutcomeCell this[int loop] => _cells[loop];

    /// <summary>The slice that a moment is in.</summary>
    /// <param name="rule">Whose window is cut.</param>
    /// <param name="now">Milliseconds.</param>
    public static long SliceAt(SuccessRate rule, long now) => now / LengthOf(rule);

    /// <summary>What is to be told after a failure: too few succeed. Null: nothing, or another loop tells it.</summary>
    public string? Judge(SuccessRate rule, long now)
    {
        // Of two loops that count at the same time one at least has to see both.
        Interlocked.MemoryBarrier();
        var told = Volatile.Read(ref _told);
        var last = SliceAt(rule, now);
        var first = Math.Max(last - OutcomeCell.Slices + 1, told < 0 ? 0 : SliceAt(rule, told) + 1);
        var (connections, failures) = (0L, 0L);
        foreach (var cell in _cells)
        {
            cell.AddTo(ref connections, ref failures, first, last);
        }

        // The connection of a failure may have left the window before it.
        var succeeded = Math.Max(0, connections - failures);
        if (connections < rule.Requests || succeeded >= rule.Below * connections)
        {
            return null;
        }

        return Interlocked.CompareExchange(ref _told, now, told) == told
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * succeeded / connections}% of {connections} connections in {rule.Window.TotalSeconds:0.###}s succeeded, at least {100 * rule.Below:0.###}% must"
            )
            : null;
    }

    /// <summary>What was counted so far has been told for another reason: only what follows counts.</summary>
    public void Settle(long now) => Volatile.Write(ref _told, now);

    private static long LengthOf(SuccessRate rule) =>
        Math.Max(1, (long)rule.Window.TotalMilliseconds / OutcomeCell.Slices);
}
