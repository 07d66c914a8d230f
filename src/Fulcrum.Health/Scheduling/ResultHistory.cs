namespace Fulcrum.Health.Scheduling;

/// <summary>The last results of a check, as many as its upstream looks back on.</summary>
internal struct ResultHistory(int samples)
{
    private readonly bool[] _results = samples == 0 ? [] : new bool[samples];
    private int _count;
    private int _next;
    private int _good;

    /// <summary>Of the results so far, the share that was good; null: none are kept.</summary>
    public readonly double? GoodShare => _count == 0 ? null : (double)_good / _count;

    /// <summary>True when this result changed the share.</summary>
    public bool Add(bool good)
    {
        if (_results.Length == 0)
        {
            return false;
        }

        var before = GoodShare;
        if (_count == _results.Length)
        {
            _good -= _results[_next] ? 1 : 0;
        }
        else
        {
            _count++;
        }

        _good += good ? 1 : 0;
        _results[_next] = good;
        _next = (_next + 1) % _results.Length;
        return GoodShare != before;
    }
}
