using Fulcrum.Forwarding.Offload;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Offload;

public sealed class RecentRiseTests
{
    [Fact]
    public void A_rise_is_news_for_a_minute()
    {
        var time = new ManualTimeProvider();
        var rise = new RecentRise();
        Assert.False(rise.HasRisen(0, time));
        Assert.True(rise.HasRisen(3, time));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(rise.HasRisen(3, time));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(rise.HasRisen(3, time));
        Assert.True(rise.HasRisen(4, time));
    }
}
