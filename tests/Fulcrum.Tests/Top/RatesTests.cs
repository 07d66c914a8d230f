using Fulcrum.Top;

namespace Fulcrum.Tests.Top;

public sealed class RatesTests
{
    [Fact]
    public void Rates_are_of_a_second_whatever_the_interval()
    {
        var rates = Rates.Between(Sample(10, ("a", 100, 1_000, 0)), Sample(14, ("a", 108, 3_000, 4)));
        Assert.Equal(new Rates(2, 500, 1), rates["a"]);
        rates = Rates.Between(Sample(10, ("a", 100, 1_000, 0)), Sample(10.25, ("a", 108, 3_000, 4)));
        Assert.Equal(new Rates(32, 8_000, 16), rates["a"]);
    }

    [Fact]
    public void A_counter_that_went_back_has_begun_anew_and_the_others_with_it()
    {
        var rates = Rates.Between(Sample(0, ("a", 100, 10, 10)), Sample(2, ("a", 6, 50, 80)));
        Assert.Equal(new Rates(3, 25, 40), rates["a"]);
    }

    [Fact]
    public void What_came_has_no_rate_yet_and_what_went_has_none_any_more()
    {
        var rates = Rates.Between(Sample(0, ("old", 1, 1, 1)), Sample(1, ("new", 9, 9, 9)));
        Assert.Empty(rates);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Two_samples_of_one_moment_have_no_rates(double at) =>
        Assert.Empty(Rates.Between(Sample(1, ("a", 1, 1, 1)), Sample(at, ("a", 2, 2, 2))));

    [Fact]
    public void Rates_are_never_less_than_nothing()
    {
        var seed = TestKit.Seeds.FromEnvironmentOrFresh();
        var random = new Random(seed);
        for (var i = 0; i < 1_000; i++)
        {
            var rates = Rates.Between(
                Sample(0, ("a", random.Next(), random.Next(), random.Next())),
                Sample(random.NextDouble() + 0.001, ("a", random.Next(), random.Next(), random.Next()))
            );
            Assert.True(rates["a"] is { Sessions: >= 0, BytesIn: >= 0, BytesOut: >= 0 }, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("▁▅█", 3, true, new[] { 0.0, 4, 7 })]
    [InlineData("_-#", 3, false, new[] { 0.0, 2.4, 7 })]
    [InlineData("▅█", 2, true, new[] { 9.0, 4, 7 })]
    [InlineData("▁▁", 9, true, new[] { 0.0, 0 })]
    [InlineData("", 9, true, new double[0])]
    public void Trends(string shown, int width, bool isUnicode, double[] values) =>
        Assert.Equal(shown, Sparkline.Of([.. values.Select(value => (double?)value)], width, isUnicode));

    [Fact]
    public void A_gap_in_a_trend_is_a_gap() => Assert.Equal("█ █", Sparkline.Of([1, null, 1], 9, isUnicode: true));

    private static Sample Sample(double at, params (string Name, long Total, long In, long Out)[] counts) =>
        new(at, counts.ToDictionary(one => one.Name, one => new Counts(0, one.Total, one.In, one.Out)));
}
