using Fulcrum.Health.Scheduling;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

public sealed class ResultHistoryTests
{
    // Results are written + and -, the good ones of those looked at after each as G/N.
    [Theory]
    [InlineData(100, "----+++", "0/1 0/2 0/3 0/4 1/5 2/6 3/7", "gorb 1.3: 3 of 7")]
    [InlineData(3, "+-++", "1/1 1/2 2/3 2/3", "gorb 1.3: the last results only")]
    [InlineData(3, "---+++", "0/1 0/2 0/3 1/3 2/3 3/3", "gorb 1.3: the last results only")]
    [InlineData(1, "+-+", "1/1 0/1 1/1", "gorb 1.3: the last results only")]
    public void The_share_is_that_of_the_last_results(int samples, string results, string shares, string source)
    {
        var history = new ResultHistory(samples);
        foreach (var (result, share) in results.Zip(shares.Split(' ')))
        {
            var before = history.GoodShare;
            var changed = history.Add(result == '+');
            var parts = share.Split('/');
            var expected = double.Parse(parts[0], null) / double.Parse(parts[1], null);
            Assert.True(expected == history.GoodShare, $"{source}: {share} is {history.GoodShare}");
            Assert.Equal(before != history.GoodShare, changed);
        }
    }

    [Fact]
    public void Nothing_is_kept_where_nobody_looks_back()
    {
        var history = new ResultHistory(0);
        Assert.False(history.Add(true));
        Assert.Null(history.GoodShare);
    }

    [Fact]
    public void It_agrees_with_counting_the_last_results_again()
    {
        var random = Seeds.NewRandom();
        var samples = random.Next(1, 20);
        var history = new ResultHistory(samples);
        var results = new List<bool>();
        for (var i = 0; i < 500; i++)
        {
            results.Add(random.Next(3) > 0);
            _ = history.Add(results[^1]);
            var last = results.TakeLast(samples).ToList();
            Assert.Equal((double)last.Count(good => good) / last.Count, history.GoodShare);
        }
    }
}
