namespace Fulcrum.TestKit.Tests;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Both_clocks_move_by_exactly_what_is_advanced()
    {
        var wall = _time.GetUtcNow();
        var start = _time.GetTimestamp();
        var odd = new TimeSpan(123_456_789_123_457);
        _time.Advance(odd);
        Assert.Equal(odd, _time.GetElapsedTime(start));
        Assert.Equal(wall + odd, _time.GetUtcNow());
        Assert.Equal(odd, _time.Elapsed);
    }

    [Fact]
    public void Timestamps_are_neither_ticks_nor_nanoseconds_nor_wall_time()
    {
        Assert.NotEqual(TimeSpan.TicksPerSecond, _time.TimestampFrequency);
        Assert.NotEqual(1_000_000_000, _time.TimestampFrequency);
        Assert.NotEqual(0, _time.GetTimestamp() % _time.TimestampFrequency);
    }

    [Fact]
    public void The_wall_clock_can_step_without_any_time_passing()
    {
        var wall = _time.GetUtcNow();
        var start = _time.GetTimestamp();
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, Second, Timeout.InfiniteTimeSpan);
        _time.StepWallClock(-TimeSpan.FromHours(2));
        Assert.Equal(wall - TimeSpan.FromHours(2), _time.GetUtcNow());
        Assert.Equal(start, _time.GetTimestamp());
        Assert.Equal(0, fired);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_with_the_clock_standing_there()
    {
        var seen = new List<(string Name, TimeSpan At)>();
        Arm("late", 3);
        Arm("early", 1);
        Arm("early too", 1);
        _time.Advance(Second / 2);
        Assert.Empty(seen);
        _time.Advance(Second * 5);
        Assert.Equal([("early", Second), ("early too", Second), ("late", Second * 3)], seen);

        void Arm(string name, int seconds) =>
            _time.CreateTimer(_ => seen.Add((name, _time.Elapsed)), null, Second * seconds, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_period_fires_as_often_as_it_fits()
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.Zero, Second);
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(1, fired);
        _time.Advance(Second * 3.5);
        Assert.Equal(4, fired);
        Assert.Equal(Second / 2, _time.UntilNextTimer);
    }

    [Fact]
    public void A_callback_may_arm_and_the_new_timer_fires_within_the_same_advance()
    {
        var fired = new List<TimeSpan>();
        ITimer? timer = null;
        timer = _time.CreateTimer(_ => Again(), null, Second, Timeout.InfiniteTimeSpan);
        _time.Advance(Second * 3);
        Assert.Equal([Second, Second * 2, Second * 3], fired);
        timer.Dispose();

        void Again()
        {
            fired.Add(_time.Elapsed);
            timer!.Change(Second, Timeout.InfiniteTimeSpan);
        }
    }

    [Fact]
    public void Disposed_and_changed_timers_do_not_fire_at_their_old_time()
    {
        var fired = 0;
        var disposed = _time.CreateTimer(_ => fired++, null, Second, Second);
        using var moved = _time.CreateTimer(_ => fired++, null, Second, Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        Assert.True(moved.Change(Second * 10, Timeout.InfiniteTimeSpan));
        Assert.False(disposed.Change(Second, Second));
        _time.Advance(Second * 9);
        Assert.Equal(0, fired);
        Assert.Equal(1, _time.ArmedTimers);
        Assert.Equal(Second, _time.AdvanceToNextTimer());
        Assert.Equal(1, fired);
        Assert.Throws<InvalidOperationException>(() => _time.AdvanceToNextTimer());
    }

    [Fact]
    public void Timers_that_re_arm_without_end_are_reported()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ => timer!.Change(TimeSpan.Zero, TimeSpan.Zero),
            null,
            Second,
            Timeout.InfiniteTimeSpan
        );
        Assert.Throws<InvalidOperationException>(() => _time.Advance(Second));
        timer.Dispose();
    }

    [Fact]
    public async Task A_test_can_await_that_the_code_under_test_arms_its_timer()
    {
        var armed = _time.WhenArmed();
        Assert.False(armed.IsCompleted);
        var cancellation = TestContext.Current.CancellationToken;
        var delay = Task.Run(() => Task.Delay(Second, _time, cancellation), cancellation);
        await armed;
        var mark = _time.Armings;
        Assert.True(_time.WhenArmed().IsCompletedSuccessfully);
        Assert.False(_time.WhenArmed(mark).IsCompleted);
        _time.Advance(Second);
        await Wait.For(delay, "the delay");
    }

    [Fact]
    public void Time_does_not_go_backwards() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(-Second));
}
