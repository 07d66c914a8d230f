using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Tests.Statistics;

public sealed class HistogramTests
{
    private const double Precision = 1 / 128.0;

    [Fact]
    public void Small_values_are_exact()
    {
        var histogram = new Histogram();
        for (var value = 1; value <= 100; value++)
        {
            histogram.Record(value);
        }

        Assert.Equal(100, histogram.Count);
        Assert.Equal(50, histogram.Quantile(0.5));
        Assert.Equal(99, histogram.Quantile(0.99));
        Assert.Equal(100, histogram.Quantile(1));
    }

    [Fact]
    public void Any_value_is_known_to_within_its_bucket()
    {
        for (var value = 1L; value < long.MaxValue / 3; value = (value * 2) + (value / 3) + 1)
        {
            foreach (var one in new[] { value - 1, value, value + 1 })
            {
                var histogram = new Histogram();
                histogram.Record(one);
                Assert.InRange(histogram.Quantile(0.5), one, one * (1 + Precision));
            }
        }

        var largest = new Histogram();
        largest.Record(long.MaxValue);
        Assert.Equal(long.MaxValue, largest.Quantile(0.5));
    }

    [Fact]
    public void Quantiles_are_those_of_the_sorted_values()
    {
        var random = new Random(1);
        var histogram = new Histogram();
        var values = new long[5000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.NextInt64(1L << random.Next(1, 40));
            histogram.Record(values[i]);
        }

        Array.Sort(values);
        foreach (var share in new[] { 0.01, 0.5, 0.9, 0.99, 0.999 })
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Quantile(share), exact, exact * (1 + Precision));
        }
    }

    [Fact]
    public void Cleared_it_knows_nothing()
    {
        var histogram = new Histogram();
        histogram.Record(-5);
        Assert.Equal(0, histogram.Quantile(0.5));
        histogram.Record(1_000_000);
        histogram.Clear();
        Assert.Equal(0, histogram.Count);
        Assert.Equal(0, histogram.Quantile(1));
    }

    [Fact]
    public void Recording_does_not_allocate()
    {
        var histogram = new Histogram();
        histogram.Record(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var value = 0; value < 1000; value++)
        {
            histogram.Record(value * value);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
