using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

public sealed class PaceTests
{
    // Results as + and -, then the interval to the next probe in milliseconds. Interval 2 s, rise 2, fall 3.
    [Theory]
    [InlineData("+", null, null, 2000)]
    [InlineData("+-", null, null, 2000)]
    [InlineData("+-", 500, null, 500)]
    [InlineData("+--", 500, null, 500)]
    [InlineData("+---", 500, null, 2000)]
    [InlineData("+---+", 500, null, 500)]
    [InlineData("+---++", 500, null, 2000)]
    [InlineData("+-+", 500, null, 2000)]
    [InlineData("-", null, 30_000, 2000)]
    [InlineData("---", null, 30_000, 2000)]
    [InlineData("-----", null, 30_000, 2000)]
    [InlineData("------", null, 30_000, 4000)]
    [InlineData("---------", null, 30_000, 8000)]
    [InlineData("---------------------------", null, 30_000, 30_000)]
    [InlineData("---------------------------+", null, 30_000, 2000)]
    [InlineData("---------------------------+", 100, 30_000, 100)]
    [InlineData("---------------------------++", 100, 30_000, 2000)]
    [InlineData("+--------", null, null, 2000)]
    public void An_interval_follows_from_the_results(string results, int? fast, int? down, int expected)
    {
        var task = Task(fast, down);
        var verdict = new VerdictCounter(task.Rise, task.Fall);
        foreach (var result in results)
        {
            _ = verdict.Add(result == '+');
        }

        Assert.Equal(TimeSpan.FromMilliseconds(expected), Pace.Interval(task, verdict));
    }

    [Fact]
    public void Chance_takes_off_a_tenth_at_most_and_uses_all_of_it()
    {
        var (task, random) = (Task(null, null), Seeds.NewRandom());
        var next = Enumerable.Range(0, 1000).Select(_ => Pace.Next(task, default, false, random)).ToList();
        Assert.All(next, pause => Assert.InRange(pause, task.Interval * 0.9, task.Interval));
        Assert.True(next.Min() < task.Interval * 0.91 && next.Max() > task.Interval * 0.99);
    }

    [Fact]
    public void After_the_first_result_checks_spread_over_the_interval()
    {
        var (task, random) = (Task(null, null), Seeds.NewRandom());
        var tenths = new int[10];
        for (var i = 0; i < 10_000; i++)
        {
            tenths[(int)(Pace.Next(task, default, true, random) / task.Interval * 10)]++;
        }

        Assert.All(tenths, count => Assert.InRange(count, 800, 1200));
    }

    [Theory]
    [InlineData(10_000, 123_459, 123_440)]
    [InlineData(10_000, 123_440, 123_440)]
    [InlineData(1_000, 123_459, 123_458)]
    [InlineData(10, 123_459, 123_459)]
    public void Checks_of_about_the_same_time_start_together_and_never_later(int interval, long due, long expected) =>
        Assert.Equal(expected, Pace.Align(due, TimeSpan.FromMilliseconds(interval)));

    private static ProbeTask Task(int? fast, int? down) =>
        new()
        {
            Probe = new TcpProbe(),
            Address = IPAddress.Loopback,
            Port = 80,
            Interval = TimeSpan.FromSeconds(2),
            FastInterval = fast is { } f ? TimeSpan.FromMilliseconds(f) : null,
            DownInterval = down is { } d ? TimeSpan.FromMilliseconds(d) : null,
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 2,
            Fall = 3,
        };
}
