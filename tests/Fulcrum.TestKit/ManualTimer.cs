namespace Fulcrum.TestKit;

/// <summary>A timer of <see cref="ManualTimeProvider"/>, which owns and guards every mutable field here.</summary>
internal sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
{
    private bool _disposed;

    public static IComparer<ManualTimer> ByDueTime { get; } =
        Comparer<ManualTimer>.Create((a, b) => (a.Due, a.Order).CompareTo((b.Due, b.Order)));

    public long Due { get; set; }

    public long Order { get; set; }

    public TimeSpan Period { get; set; }

    public void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        if (_disposed)
        {
            return false;
        }

        owner.Arm(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        owner.Arm(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Check(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(name, value, "negative, and not infinite");
        }

        // As the timers of the system.
        if (value.TotalMilliseconds > uint.MaxValue - 1)
        {
            throw new ArgumentOutOfRangeException(name, value, "longer than timers can be");
        }
    }
}
