namespace Fulcrum.Engine.Events;

/// <summary>
/// The newest events of this run, in order. Whoever follows them holds nothing but the number of the last one seen, so
/// that one who is slow or stands still costs nothing: what was overwritten meanwhile is counted as missed.
/// </summary>
public sealed class EventLog
{
    /// <summary>A fifth of the checks of a large node dying at once, with all that follows from it.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly Lock _gate = new();
    private readonly NodeEvent[] _ring;
    private readonly TimeProvider _time;
    private long _newest;
    private TaskCompletionSource _more = NewSignal();

    public EventLog(TimeProvider time, int capacity = DefaultCapacity)
    {
        _ring = new NodeEvent[capacity];
        _time = time;
        Run = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Differs from run to run: numbers of another run mean nothing in this one.</summary>
    public long Run { get; }

    public int Capacity => _ring.Length;

    /// <summary>Of the newest; 0: there was none yet.</summary>
    public long Newest
    {
        get
        {
            lock (_gate)
            {
                return _newest;
            }
        }
    }

    /// <summary>Numbers them, and wakes all who wait.</summary>
    public void Add(params IReadOnlyCollection<NodeEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        TaskCompletionSource more;
        lock (_gate)
        {
            foreach (var one in events)
            {
                _newest++;
                _ring[_newest % _ring.Length] = one with { Sequence = _newest, At = now };
            }

            more = _more;
            _more = NewSignal();
        }

        more.SetResult();
    }

    /// <summary>The oldest of those that came after this one, in order, so many at most.</summary>
    /// <returns>Them, and how many before them are not kept any more.</returns>
    public (IReadOnlyList<NodeEvent> Events, long Missed) After(long sequence, int most)
    {
        lock (_gate)
        {
            var oldest = Math.Max(1, _newest - _ring.Length + 1);
            var first = Math.Max(sequence + 1, oldest);
            var count = (int)Math.Clamp(_newest - first + 1, 0, most);
            var events = new NodeEvent[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = _ring[(first + i) % _ring.Length];
            }

            return (events, first - sequence - 1);
        }
    }

    /// <summary>Completes when there is one after this.</summary>
    public Task WaitAsync(long sequence)
    {
        lock (_gate)
        {
            return _newest > sequence ? Task.CompletedTask : _more.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
