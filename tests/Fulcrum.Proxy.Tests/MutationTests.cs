using Fulcrum.Proxy.Tests.Mutation;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests;

/// <summary>A simulation is worth what it finds: each known fault, put into the product, must make it fail.</summary>
public sealed class MutationTests
{
    private const int Interleavings = 40_000;

    // Begun ahead of their tests, as many at once as there are processors: nothing else of this assembly runs beside
    // these tests, and no mutant knows of another.
    private static readonly List<(int Seed, Task<string?> Found)> _begun = [];

    public static TheoryData<Mutant, int> Mutants =>
        [.. Mutation.Mutants.All.Select((mutant, place) => (mutant, place))];

    [Theory]
    [MemberData(nameof(Mutants), DisableDiscoveryEnumeration = true)]
    public async Task The_simulation_finds(Mutant mutant, int place)
    {
        var ahead = Mutation.Mutants.All.Take(place + Environment.ProcessorCount);
        foreach (var next in ahead.Skip(_begun.Count))
        {
            var fresh = Seeds.FromEnvironmentOrFresh();
            _begun.Add((fresh, Task.Run(() => MutantCompiler.Run(next, fresh, Interleavings))));
        }

        var (seed, running) = _begun[place];
        var found = await running;
        Assert.True(found is not null, $"not found in {Interleavings} interleavings of seed {seed}: {mutant}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{mutant}: {found}");
    }

    [Fact]
    public void It_finds_nothing_in_the_same_sources_without_a_fault() =>
        Assert.Null(MutantCompiler.Run(null, Seeds.FromEnvironmentOrFresh(), Interleavings));
}
