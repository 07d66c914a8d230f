namespace Fulcrum.TestKit;

/// <summary>
/// Time that moves only when the test says so. <see cref="Advance"/> fires due timers one by one, in the order of
/// their due times (ties in the order of arming), each with the clock standing at its due time, so that code
/// under test sees what it would see on a machine without any load.
/// </summary>
/// <remarks>
/// The monotonic clock starts at an odd value, ticks at 40 MHz and is independent of the wall clock: code that takes
/// timestamps for milliseconds, for 100 ns ticks, or for wall time, is found out. 40 MHz is four units a tick, so
/// every <see cref="TimeSpan"/> is represented exactly.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private const long UnitsPerTick = 4;
    private const long FirstTimestamp = 987_654_321_123;
    private const int MostFirings = 1_000_000;

    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime);
    private readonly List<(long After, TaskCompletionSource Source)> _waiters = [];
    private long _elapsedTicks;
    private long _armings;
    private TimeSpan _wallOffset;
    private readonly DateTimeOffset _start;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2031, 2, 28, 23, 59, 57, 123, TimeSpan.Zero)) { }

    public ManualTimeProvider(DateTimeOffset start) => _start = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * UnitsPerTick;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How much time was advanced since construction.</summary>
    public TimeSpan Elapsed => new(Interlocked.Read(ref _elapsedTicks));

    /// <summary>Timers that will fire if time is advanced far enough.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>How often a timer was armed so far, re-arming included. A mark for <see cref="WhenArmed(long)"/>.</summary>
    public long Armings => Interlocked.Read(ref _armings);

    /// <summary>Time until the next armed timer is due; null: none is armed.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_lock)
            {
                return _armed.Min is { } next ? new TimeSpan(Math.Max(0, next.Due - _elapsedTicks)) : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _start + new TimeSpan(_elapsedTicks) + _wallOffset;
        }
    }

    public override long GetTimestamp() => FirstTimestamp + (Interlocked.Read(ref _elapsedTicks) * UnitsPerTick);

    /// <summary>Steps the wall clock, forwards or backwards, as NTP or an operator does. Timers do not notice.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_lock)
        {
            _wallOffset += by;
        }
    }

    /// <summary>
    /// Moves time forward and fires what is due on the calling thread. Timers armed by a callback fire in the same
    /// call when they are due within it; a timer armed with zero fires at the next call, be it <c>Advance(Zero)</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Time does not go backwards.</exception>
    /// <exception cref="InvalidOperationException">Timers re-arm each other without end at one instant.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Interlocked.Read(ref _elapsedTicks) + by.Ticks;
        for (var fired = 0; TakeDue(end) is { } timer; fired++)
        {
            if (fired == MostFirings)
            {
                throw new InvalidOperationException(
                    $"{MostFirings} timers fired in one Advance({by}): an endless loop"
                );
            }

            timer.Fire();
        }
    }

    /// <summary>Advances exactly to the next armed timer and fires it. Returns by how much.</summary>
    /// <exception cref="InvalidOperationException">No timer is armed.</exception>
    public TimeSpan AdvanceToNextTimer()
    {
        var by = UntilNextTimer ?? throw new InvalidOperationException("no timer is armed");
        Advance(by);
        return by;
    }

    /// <summary>Completes when a timer is armed, at once if one is.</summary>
    /// <exception cref="TimeoutException">None was armed within <see cref="Wait.DefaultTimeout"/> of real time.</exception>
    public Task WhenArmed()
    {
        lock (_lock)
        {
            return _armed.Count > 0 ? Task.CompletedTask : WhenArmed(_armings);
        }
    }

    /// <summary>Completes when a timer has been armed since <see cref="Armings"/> had the value <paramref name="mark"/>.</summary>
    /// <exception cref="TimeoutException">None was armed within <see cref="Wait.DefaultTimeout"/> of real time.</exception>
    public Task WhenArmed(long mark)
    {
        lock (_lock)
        {
            if (_armings > mark)
            {
                return Task.CompletedTask;
            }

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((mark, source));
            return Wait.For(source.Task, "a timer to be armed");
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _armed.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            Insert(timer, _elapsedTicks + dueTime.Ticks);
            foreach (var waiter in _waiters.FindAll(waiter => waiter.After < _armings))
            {
                _waiters.Remove(waiter);
                waiter.Source.SetResult();
            }
        }
    }

    // That nothing is due and that the time is the end is one step: a timer that another thread arms between the two
    // would be missed.
    private ManualTimer? TakeDue(long end)
    {
        lock (_lock)
        {
            if (_armed.Min is not { } timer || timer.Due > end)
            {
                _elapsedTicks = Math.Max(_elapsedTicks, end);
                return null;
            }

            _armed.Remove(timer);
            _elapsedTicks = Math.Max(_elapsedTicks, timer.Due);
            if (timer.Period > TimeSpan.Zero)
            {
                Insert(timer, timer.Due + timer.Period.Ticks);
            }

            return timer;
        }
    }

    private void Insert(ManualTimer timer, long due)
    {
        timer.Due = due;
        timer.Order = ++_armings;
        _armed.Add(timer);
    }
}
