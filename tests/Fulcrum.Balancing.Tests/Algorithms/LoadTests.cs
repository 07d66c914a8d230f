using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Algorithms;

/// <summary>Least connections, and the less loaded of two.</summary>
public sealed class LoadTests
{
    [Fact]
    public void Least_connections_chooses_a_minimum_of_those_allowed() =>
        Prop.ForAll(
                Generators.Situations,
                situation =>
                {
                    var load = LoadOf(situation);
                    var balancer = Balancer.Create(
                        BalanceAlgorithm.LeastConnections,
                        Sample.Backends(situation.Weights)
                    );
                    var index = balancer.Pick(
                        balancer.CreateState((ulong)situation.Seed),
                        new PickRequest(0, load, situation.Tried)
                    );
                    var allowed = Enumerable
                        .Range(0, load.Active.Length)
                        .Where(i => situation.Weights[i] > 0 && !load.Full[i] && !situation.Tried.Contains(i))
                        .ToList();
                    return allowed.TrueForAll(i => PerWeight(situation, index) <= PerWeight(situation, i));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Power_of_two_chooses_the_less_loaded_of_two()
    {
        var balancer = Balancer.Create(BalanceAlgorithm.PowerOfTwo, Sample.Backends(1, 3));
        var state = balancer.CreateState(0);
        var load = new FakeLoad(2);
        (load.Active[0], load.Active[1]) = (3, 8);
        Assert.All(Sample.Picks(balancer, state, load, 50), index => Assert.Equal(1, index));
        load.Active[1] = 10;
        Assert.All(Sample.Picks(balancer, state, load, 50), index => Assert.Equal(0, index));
    }

    /// <summary>The two are never the same one, so the most loaded of all always loses.</summary>
    [Fact]
    public void Power_of_two_never_chooses_the_most_loaded_of_all() =>
        Prop.ForAll(
                Generators.PositiveWeights,
                weights =>
                {
                    var load = new FakeLoad(weights.Length);
                    var most = Array.IndexOf(weights, weights.Max());
                    load.Active[most] = 1;
                    var balancer = Balancer.Create(BalanceAlgorithm.PowerOfTwo, Sample.Backends(weights));
                    var picks = Sample.Picks(balancer, balancer.CreateState(0), load, 200);
                    return weights.Length == 1 || !picks.Contains(most);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(BalanceAlgorithm.Random)]
    [InlineData(BalanceAlgorithm.PowerOfTwo)]
    [InlineData(BalanceAlgorithm.LeastConnections)]
    public void Seeds_draw_differently_and_a_change_does_not_begin_again(BalanceAlgorithm algorithm)
    {
        var balancer = Balancer.Create(algorithm, Sample.EqualBackends(8));
        var load = new FakeLoad(8);
        var state = balancer.CreateState(0);
        var zero = Sample.Picks(balancer, state, load, 40);
        Assert.Equal(zero, Sample.Picks(balancer, balancer.CreateState(0), load, 40));
        Assert.NotEqual(zero, Sample.Picks(balancer, balancer.CreateState(1), load, 40));

        var following = Sample.Picks(balancer, balancer.CreateState(0, state), load, 40);
        Assert.NotEqual(zero, following);
        Assert.Equal(Sample.Picks(balancer, state, load, 40), following);
    }

    private static double PerWeight(Situation situation, int index) =>
        (double)situation.Active[index] / situation.Weights[index];

    private static FakeLoad LoadOf(Situation situation)
    {
        var load = new FakeLoad(situation.Weights.Length);
        situation.Active.CopyTo(load.Active, 0);
        situation.Full.CopyTo(load.Full, 0);
        return load;
    }
}
