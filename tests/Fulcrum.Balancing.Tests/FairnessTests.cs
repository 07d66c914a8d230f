using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests;

/// <summary>
/// Weights are honoured within 2 % over 10,000 picks. The hashing and the drawing algorithms do so with a probability
/// that is close to 1 but not 1 (0.5 % is one standard deviation of a half), so the sets come from a fixed seed.
/// </summary>
public sealed class FairnessTests
{
    private const int Picks = 10_000;
    private const int Tolerance = Picks / 50;

    [Theory, MemberData(nameof(Sample.Weighted), MemberType = typeof(Sample))]
    public void Honours_weights_while_nothing_finishes(BalanceAlgorithm algorithm) =>
        ForRandomSets(weights => IsFair(weights, Run(algorithm, weights, grows: true, full: [])));

    [Theory, MemberData(nameof(Sample.Weighted), MemberType = typeof(Sample))]
    public void Honours_weights_while_everything_is_idle(BalanceAlgorithm algorithm) =>
        ForRandomSets(weights => IsFair(weights, Run(algorithm, weights, grows: false, full: [])));

    /// <summary>The share of a full backend goes to the others, to each in proportion.</summary>
    [Theory, MemberData(nameof(Sample.Weighted), MemberType = typeof(Sample))]
    public void Honours_the_weights_of_the_others_while_some_are_full(BalanceAlgorithm algorithm)
    {
        int[] weights = [40, 10, 30, 20, 25, 15];
        int[] others = [0, 10, 0, 20, 25, 15];
        Assert.True(IsFair(others, Run(algorithm, weights, grows: false, full: [0, 2])));
    }

    [Theory, MemberData(nameof(Sample.Weighted), MemberType = typeof(Sample))]
    public void Is_fair_to_two_equal_backends(BalanceAlgorithm algorithm) =>
        Assert.True(IsFair([1, 1], Run(algorithm, [1, 1], grows: false, full: [])));

    private static void ForRandomSets(Func<int[], bool> isFair) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(50).WithReplay(20_260_101, 7),
            Prop.ForAll(Generators.PositiveWeights, isFair)
        );

    private static int[] Run(BalanceAlgorithm algorithm, int[] weights, bool grows, int[] full)
    {
        var candidates = Sample.Backends(weights);
        var load = new FakeLoad(weights.Length);
        foreach (var index in full)
        {
            load.Full[index] = true;
        }

        var balancer = Balancer.Create(algorithm, candidates);
        var state = balancer.CreateState(0);
        var counts = new int[weights.Length];
        for (var client = 0; client < Picks; client++)
        {
            var index = balancer.Pick(state, new PickRequest(Sample.Client(client), load));
            counts[index]++;
            load.Active[index] += grows ? 1 : 0;
        }

        return counts;
    }

    private static bool IsFair(int[] weights, int[] counts)
    {
        var total = (double)weights.Sum();
        return counts.Zip(weights).All(x => Math.Abs(x.First - (Picks * x.Second / total)) <= Tolerance);
    }
}
