namespace Fulcrum.Balancing.Tests;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(-5, 30, 1)]
    [InlineData(0, 30, 1)]
    [InlineData(15, 30, 50)]
    [InlineData(29, 30, 96)]
    [InlineData(30, 30, 100)]
    [InlineData(0, 0, 100)]
    [InlineData(1000, 30, 100)]
    public void Rises_evenly_over_the_window(int up, int window, int percent) =>
        Assert.Equal(percent, SlowStart.Percent(TimeSpan.FromSeconds(up), TimeSpan.FromSeconds(window)));
}
