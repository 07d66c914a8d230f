using Fulcrum.Engine.Ports;

namespace Fulcrum.Health.Watching;

/// <summary>The last changes of checks. The loop writes, anybody reads; who reads too slowly misses the oldest.</summary>
internal sealed class TransitionLog
{
    /// <summary>So many are kept.</summary>
    public const int Kept = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<CheckTransition> _last = new();
    private TaskCompletionSource _more = New();
    private long _sequence;

    /// <param name="describe">Makes it, given its number.</param>
    public void Add(Func<long, CheckTransition> describe)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _last.Enqueue(describe(++_sequence));
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }

            (more, _more) = (_more, New());
        }

        more.SetResult();
    }

    public IReadOnlyList<CheckTransition> After(long sequence)
    {
        lock (_lock)
        {
            return sequence >= _sequence ? [] : [.. _last.Where(transition => transition.Sequence > sequence)];
        }
    }

    /// <summary>Completes when there is one after it.</summary>
    public Task WaitAsync(long sequence)
    {
        lock (_lock)
        {
            return sequence < _sequence ? Task.CompletedTask : _more.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
