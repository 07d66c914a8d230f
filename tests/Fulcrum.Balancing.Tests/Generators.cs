using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests;

/// <summary>One request in any situation at all.</summary>
public sealed record Situation(
    BalanceAlgorithm Algorithm,
    int[] Weights,
    int[] Active,
    bool[] Full,
    int[] Tried,
    ulong Client,
    int Seed
);

internal static class Generators
{
    public static Arbitrary<int[]> PositiveWeights { get; } = WeightsOf(Gen.Choose(1, 100)).ToArbitrary();

    public static Arbitrary<BalanceAlgorithm> Algorithms { get; } =
        Gen.Elements(Sample.Algorithms.ToArray()).ToArbitrary();

    public static Arbitrary<Situation> Situations { get; } =
        (
            from algorithm in Algorithms.Generator
            from weights in WeightsOf(
                Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 1000), Gen.Elements(0, 1, int.MaxValue))
            )
            from active in Gen.Choose(0, 20).ArrayOf(weights.Length)
            from fullness in Gen.Choose(0, 100)
            from full in Gen.Choose(1, 100).Select(x => x <= fullness).ArrayOf(weights.Length)
            from triedCount in Gen.Choose(0, 4)
            from tried in Gen.Choose(0, weights.Length).ArrayOf(triedCount)
            from client in Gen.Choose(0, int.MaxValue)
            from seed in Gen.Choose(0, int.MaxValue)
            select new Situation(algorithm, weights, active, full, tried, Sample.Client(client), seed)
        ).ToArbitrary();

    private static Gen<int[]> WeightsOf(Gen<int> weight) =>
        from count in Gen.Choose(1, 24)
        from weights in weight.ArrayOf(count)
        select weights;
}
