using Fulcrum.Linux.Events;
using Fulcrum.Loops.Scheduling;
using Fulcrum.TestKit;

namespace Fulcrum.Loops.Tests;

public sealed class TimerWheelTests
{
    [Fact]
    public void It_fires_what_a_sorted_list_would_fire()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < Soak.Count(2_000); run++)
        {
            var now = random.NextInt64(1L << 40);
            var wheel = new TimerWheel(now);
            var timers = Enumerable.Range(0, 20).Select(_ => new Timer()).ToArray();
            var due = new Dictionary<Timer, long>();
            for (var step = 0; step < 60; step++)
            {
                var timer = timers[random.Next(timers.Length)];
                switch (random.Next(4))
                {
                    case 0:
                    case 1:
                        var at = now + Distance(random) - 3;
                        wheel.Set(timer, at);
                        due[timer] = Math.Max(at, now + 1);
                        break;
                    case 2:
                        wheel.Cancel(timer);
                        due.Remove(timer);
                        break;
                    default:
                        var next = due.Count == 0 ? TimerWheel.Never : due.Values.Min();
                        Assert.True(wheel.NextDue <= next, $"sleeps until {wheel.NextDue}, a timer is due at {next}");
                        now += Distance(random);
                        var fired = new List<Timer>();
                        while (wheel.Advance(now) is { } item)
                        {
                            fired.Add((Timer)item);
                        }
                        var expected = due.Where(pair => pair.Value <= now).OrderBy(pair => pair.Value).ToList();
                        Assert.Equal(expected.Select(pair => pair.Value), fired.Select(one => due[one]));
                        fired.ForEach(one => due.Remove(one));
                        break;
                }
                Assert.Equal(due.Count, wheel.Count);
            }
        }
    }

    [Fact]
    public void A_timer_that_fires_may_cancel_another_that_is_due()
    {
        var wheel = new TimerWheel(0);
        var (one, other) = (new Timer(), new Timer());
        wheel.Set(one, 5);
        wheel.Set(other, 5);
        var first = wheel.Advance(5);
        wheel.Cancel(first == one ? other : one);
        Assert.Null(wheel.Advance(5));
        Assert.Equal(TimerWheel.Never, wheel.NextDue);
    }

    [Fact]
    public void A_timer_set_for_now_fires_at_the_next_tick()
    {
        var wheel = new TimerWheel(10);
        var timer = new Timer();
        wheel.Set(timer, 10);
        Assert.Null(wheel.Advance(10));
        Assert.Same(timer, wheel.Advance(11));
    }

    private static long Distance(Random random) => random.NextInt64(1L << random.Next(1, 28));

    private sealed class Timer : LoopObject
    {
        protected internal override void OnEvents(int tag, EpollEvents events) { }

        protected internal override void OnFault(Exception fault) { }
    }
}
