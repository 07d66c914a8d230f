using Fulcrum.Bench.Live;
using Fulcrum.TestKit;

namespace Fulcrum.Bench.Tests.Live;

public sealed class LanesTests
{
    public LanesTests()
    {
        Require.Root();
        Array.ForEach(["ip", "nft", "ethtool"], tool => _ = Require.Tool(tool));
    }

    [Fact]
    public void Frames_come_out_of_each_lane_as_their_backend_expects_them()
    {
        var (nowhere, lanes, replaced) = LivePart.Measure(rounds: 1, frames: Ends.Flows);
        Assert.True(nowhere > 0);
        Assert.Equal(Lane.All, lanes.Select(result => result.Lane));
        // How many get through is a matter of how busy the machine is.
        Assert.All(lanes, result => Assert.True(result.Delivered > 0, result.Lane.Name));
        Assert.Equal(3, replaced.Count);
        Assert.All(replaced, one => Assert.True(one is { Times: > 0, Arrived: > 0 }, $"{one}"));
    }
}
