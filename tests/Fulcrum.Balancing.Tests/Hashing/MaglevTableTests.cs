using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Hashing;

public sealed class MaglevTableTests
{
    [Fact]
    public void Every_backend_has_its_share_of_the_entries() =>
        Prop.ForAll(
                Generators.PositiveWeights,
                weights =>
                {
                    var counts = Sample.Counts(MaglevTable.Build(Sample.Backends(weights), 4093), weights.Length);
                    var total = (double)weights.Sum();
                    return counts.Sum() == 4093
                        && counts.Zip(weights).All(x => Math.Abs(x.First - (4093 * x.Second / total)) < 1);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_lightest_has_an_entry()
    {
        var counts = Sample.Counts(MaglevTable.Build(Sample.Backends(int.MaxValue, 1, 1, 0), 1021), 4);
        Assert.Equal([1019, 1, 1, 0], counts);
    }

    [Fact]
    public void A_table_smaller_than_the_backends_is_full_nevertheless()
    {
        var table = MaglevTable.Build(Sample.EqualBackends(50), 13);
        Assert.Equal(13, table.Distinct().Count());
    }

    [Fact]
    public void Without_weights_it_is_empty() => Assert.Empty(MaglevTable.Build(Sample.Backends(0, 0), 13));

    [Theory]
    [InlineData(0, 1021)]
    [InlineData(10, 1021)]
    [InlineData(11, 4093)]
    [InlineData(655, 65_537)]
    [InlineData(656, 262_147)]
    [InlineData(10_000, 1_048_583)]
    [InlineData(1_000_000, 1_048_583)]
    public void Its_size_follows_the_members(int members, int size) => Assert.Equal(size, MaglevTable.SizeFor(members));

    [Theory]
    [InlineData(-7)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1_048_589)]
    public void Only_primes_up_to_the_bound_are_sizes(int size)
    {
        var options = new BalancerOptions { MaglevTableSize = size };
        Assert.Throws<ArgumentOutOfRangeException>(() => MaglevTable.Build(Sample.EqualBackends(2), size));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Balancer.Create(BalanceAlgorithm.Maglev, Sample.EqualBackends(2), options)
        );
    }
}
