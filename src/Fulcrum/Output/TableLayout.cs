namespace Fulcrum.Output;

/// <summary>
/// Which columns are shown and how wide. Where not all fit, sentences shrink first, then what matters little goes, then
/// names shrink, and then more goes, until it fits. A line never wraps.
/// </summary>
internal static class TableLayout
{
    /// <summary>Spaces between columns.</summary>
    public const int Gap = 2;

    /// <summary>What is dropped from here on goes before a usual name has to shrink.</summary>
    private const int MattersLittle = 4;

    /// <summary>A name that is longer shrinks before anything goes.</summary>
    private const int UsualName = 40;

    /// <param name="columns">What is to be shown.</param>
    /// <param name="natural">How wide the widest cell of each is.</param>
    /// <param name="room">Columns of the terminal; null: no bound.</param>
    /// <returns>A width for each column; 0: it is not shown.</returns>
    public static int[] Widths(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int? room)
    {
        if (room is not { } most)
        {
            return [.. natural];
        }

        var shown = natural.Select(width => width > 0).ToArray();
        foreach (var (dropsFrom, leastName) in new[] { (MattersLittle, UsualName), (1, 0) })
        {
            while (true)
            {
                var widths = natural.Select((width, i) => shown[i] ? width : 0).ToArray();
                if (
                    Shrink(widths, i => columns[i].KeepsEnd ? int.MaxValue : columns[i].Least, most)
                    || Shrink(
                        widths,
                        i => columns[i].KeepsEnd ? Math.Max(leastName, columns[i].Least) : int.MaxValue,
                        most
                    )
                )
                {
                    return widths;
                }

                var next = Enumerable.Range(0, shown.Length).Where(i => shown[i]).MaxBy(i => columns[i].Drop);
                if (columns[next].Drop < dropsFrom)
                {
                    break;
                }

                shown[next] = false;
            }
        }

        // Even what never goes is too much: the edge of the terminal cuts.
        return
        [
            .. natural.Select(
                (width, i) =>
                    !shown[i] ? 0
                    : columns[i].Least > 0 ? Math.Min(width, columns[i].Least)
                    : width
            ),
        ];
    }

    // The widest gives first. 0 and more than it has: it gives nothing.
    private static bool Shrink(int[] widths, Func<int, int> least, int most)
    {
        for (var over = Total(widths) - most; over > 0; over--)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (least(i) > 0 && widths[i] > least(i) && (widest < 0 || widths[i] > widths[widest]))
                {
                    widest = i;
                }
            }

            if (widest < 0)
            {
                return false;
            }

            widths[widest]--;
        }

        return true;
    }

    private static int Total(int[] widths) => widths.Sum() + Gap * Math.Max(0, widths.Count(width => width > 0) - 1);
}
