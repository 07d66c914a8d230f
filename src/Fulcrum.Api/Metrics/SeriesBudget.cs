namespace Fulcrum.Api.Metrics;

/// <summary>
/// How many series may still be told. Rows of one kind come in the order of the configuration, and those that do not
/// fit any more are left out: so who is told does not change from one scrape to the next.
/// </summary>
internal sealed class SeriesBudget(long most)
{
    private readonly Dictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private long _left = most;

    /// <summary>Series that were left out, by kind of object.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => _leftOut;

    /// <summary>The rows that fit.</summary>
    public List<T> Take<T>(string kind, List<T> rows, Func<T, int> seriesOf)
    {
        var fitting = 0;
        var leftOut = 0L;
        foreach (var row in rows)
        {
            var series = seriesOf(row);
            if (leftOut == 0 && series <= _left)
            {
                _left -= series;
                fitting++;
            }
            else
            {
                leftOut += series;
            }
        }

        _leftOut[kind] = leftOut;
        return fitting == rows.Count ? rows : rows[..fitting];
    }
}
