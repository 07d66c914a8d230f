using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Hashing;

public sealed class KetamaTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4_194_305)]
    public void The_points_of_a_ring_have_bounds(int points)
    {
        var options = new BalancerOptions { RingPoints = points };
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Balancer.Create(BalanceAlgorithm.Ketama, Sample.EqualBackends(2), options)
        );
    }

    [Fact]
    public void Each_backend_has_a_point_on_the_smallest_ring()
    {
        var options = new BalancerOptions { RingPoints = 1 };
        var picks = Sample.Picks(BalanceAlgorithm.Ketama, Sample.Backends(1, 100, int.MaxValue, 7), 5000, options);
        Assert.Equal(4, picks.Distinct().Count());
    }

    /// <summary>Sized by the candidates alone, each of four has twice the points that each of five has.</summary>
    [Fact]
    public void Only_with_the_size_of_the_upstream_the_loss_of_a_backend_moves_few()
    {
        var upstream = new BalancerOptions { Members = 5, TotalWeight = 5 };
        var five = Sample.Picks(BalanceAlgorithm.Ketama, Sample.EqualBackends(5), 5000);
        var four = Sample.Picks(BalanceAlgorithm.Ketama, Sample.EqualBackends(4), 5000);
        var fourOfFive = Sample.Picks(BalanceAlgorithm.Ketama, Sample.EqualBackends(4), 5000, upstream);
        Assert.InRange(Moved(five, fourOfFive), 900, 1100);
        Assert.InRange(Moved(five, four), 2000, 4000);
    }

    private static int Moved(int[] before, int[] after) => before.Zip(after).Count(x => x.First != x.Second);
}
