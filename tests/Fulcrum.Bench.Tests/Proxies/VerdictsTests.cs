using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Tests.Proxies;

public sealed class VerdictsTests
{
    private static readonly Row Row = Row.All[0];

    [Theory]
    [InlineData(1.46, true)]
    [InlineData(1.44, false)]
    public void The_low_end_may_miss_by_the_tolerance_only(double low, bool kept)
    {
        var verdicts = new Verdicts();
        verdicts.AtLeast(Row, "throughput", new Interval(low, 2, 3), 1.5);
        Assert.Equal(kept, verdicts.Missed.Count == 0);
    }

    [Theory]
    [InlineData(0.44, true)]
    [InlineData(0.46, false)]
    public void The_high_end_may_miss_by_the_tolerance_only(double high, bool kept)
    {
        var verdicts = new Verdicts();
        verdicts.AtMost(Row, "CPU", new Interval(0.1, 0.2, high), 0.4);
        Assert.Equal(kept, verdicts.Missed.Count == 0);
    }

    [Fact]
    public void An_amount_has_no_tolerance()
    {
        var verdicts = new Verdicts();
        verdicts.Within(Row, "bytes", new Interval(1, 2, 1024), 1024);
        Assert.Empty(verdicts.Missed);
        verdicts.Within(Row, "bytes", new Interval(1, 2, 1025), 1024);
        verdicts.Fail("it did not start");
        Assert.Equal(2, verdicts.Missed.Count);
    }
}
