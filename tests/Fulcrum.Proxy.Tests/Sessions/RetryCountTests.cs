using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Tests.Sessions;

public sealed class RetryCountTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Retries_are_at_most_their_share_of_the_sessions_of_all_loops()
    {
        var count = new RetryCount(4);
        for (var session = 0; session < 100; session++)
        {
            count.CountSession(session % 4, 0);
        }

        for (var retry = 0; retry < 20; retry++)
        {
            Assert.True(count.TrySpend(0.2, 0, 0));
        }

        Assert.False(count.TrySpend(0.2, 0, 0));
        count.Refund(0);
        Assert.True(count.TrySpend(0.2, 0, 0));
        Assert.False(count.TrySpend(0.2, 0, 0));
    }

    [Fact]
    public void A_few_a_second_may_be_in_any_case()
    {
        var count = new RetryCount(1);
        for (var retry = 0; retry < 3 * RetryCount.Window; retry++)
        {
            Assert.True(count.TrySpend(0.2, 3, 0));
        }

        Assert.False(count.TrySpend(0.2, 3, 0));
    }

    [Fact]
    public void What_was_spent_comes_back_after_ten_seconds()
    {
        var count = new RetryCount(1);
        for (var second = 0; second < 40; second++)
        {
            count.CountSession(0, second * Second);
            // Ten sessions within the window earn one retry.
            Assert.Equal(second % RetryCount.Window == RetryCount.Window - 1, count.TrySpend(0.1, 0, second * Second));
        }
    }

    [Fact]
    public void Sessions_of_long_ago_earn_nothing()
    {
        var count = new RetryCount(1);
        for (var session = 0; session < 1_000; session++)
        {
            count.CountSession(0, 0);
        }

        Assert.True(count.TrySpend(0.1, 0, 9 * Second));
        Assert.False(count.TrySpend(0.1, 0, 10 * Second));
        count.CountSession(0, 26 * Second);
        Assert.False(count.TrySpend(0.1, 0, 26 * Second));
    }
}
