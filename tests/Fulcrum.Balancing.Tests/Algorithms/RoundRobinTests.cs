using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Algorithms;

public sealed class RoundRobinTests
{
    private const BalanceAlgorithm Algorithm = BalanceAlgorithm.RoundRobin;

    [Fact]
    public void Gives_each_exactly_its_turn_whatever_the_weights()
    {
        var picks = Sample.Picks(Algorithm, Sample.Backends(5, 1, 0, 2), 9);
        Assert.Equal("abdabdabd", Sample.Letters(picks));
    }

    [Fact]
    public void Passes_over_the_full_and_keeps_the_others_equal()
    {
        var balancer = Balancer.Create(Algorithm, Sample.EqualBackends(4));
        var load = new FakeLoad(4) { Full = { [1] = true } };
        Assert.Equal("acdacd", Sample.Letters(Sample.Picks(balancer, balancer.CreateState(0), load, 6)));
    }

    [Fact]
    public void States_of_consecutive_seeds_start_at_consecutive_backends()
    {
        var balancer = Balancer.Create(Algorithm, Sample.EqualBackends(3));
        var load = new FakeLoad(3);
        var firsts = Enumerable
            .Range(0, 6)
            .Select(seed => balancer.Pick(balancer.CreateState((ulong)seed), new PickRequest(0, load)));
        Assert.Equal("abcabc", Sample.Letters(firsts));
    }

    [Fact]
    public void Goes_on_after_a_change_where_it_was()
    {
        var backends = Sample.EqualBackends(5);
        var load = new FakeLoad(5);
        var before = Balancer.Create(Algorithm, backends);
        var state = before.CreateState(0);
        Assert.Equal("ab", Sample.Letters(Sample.Picks(before, state, load, 2)));

        // The next, c, is gone; after it came d, which is now first.
        var after = Balancer.Create(Algorithm, [backends[3], backends[4], backends[0], backends[1]]);
        Assert.Equal("abcda", Sample.Letters(Sample.Picks(after, after.CreateState(3, state), load, 5)));

        var others = Balancer.Create(Algorithm, Sample.EqualBackends(7).AsSpan(5));
        Assert.Equal("ba", Sample.Letters(Sample.Picks(others, others.CreateState(1, state), load, 2)));
    }
}
