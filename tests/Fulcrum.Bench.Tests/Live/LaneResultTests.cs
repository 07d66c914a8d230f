using Fulcrum.Bench.Live;
using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Tests.Live;

public sealed class LaneResultTests
{
    private static readonly Lane Lane = Lane.Peer with { Name = "fast", Most = 0.25 };

    [Theory]
    [InlineData(0.25, 0.9, null)]
    [InlineData(0.26, 0.9, "fast: 0.26 of the time for a frame of nft, NAT, at most 0.25 is wanted")]
    [InlineData(0.25, 0.89, "fast: 0.89 of the frames came out, at least 0.9 should")]
    public void A_miss_is_told(double ratio, double delivered, string? missed) =>
        Assert.Equal(missed, new LaneResult(Lane, 300, 200, new Interval(0, ratio, 1), delivered).Missed);

    [Fact]
    public void What_has_no_goal_cannot_miss_it() =>
        Assert.Null(new LaneResult(Lane.Peer, 300, 200, new Interval(9, 9, 9), 1).Missed);
}
