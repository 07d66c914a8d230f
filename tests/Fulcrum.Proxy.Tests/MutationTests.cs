using Fulcrum.Proxy.Tests.Mutation;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests;

/// <summary>A simulation is worth what it finds: each known fault, put into the product, must make it fail.</summary>
public sealed class MutationTests
{
    private const int Interleavings = 40_000;

    public static TheoryData<Mutant> Mutants => [.. Mutation.Mutants.All];

    [Theory]
    [MemberData(nameof(Mutants), DisableDiscoveryEnumeration = true)]
    public void The_simulation_finds(Mutant mutant)
    {
        var found = MutantCompiler.Run(mutant, Seeds.FromEnvironmentOrFresh(), Interleavings);
        Assert.True(found is not null, $"not found in {Interleavings} interleavings: {mutant}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{mutant}: {found}");
    }

    [Fact]
    public void It_finds_nothing_in_the_same_sources_without_a_fault() =>
        Assert.Null(MutantCompiler.Run(null, Seeds.FromEnvironmentOrFresh(), Interleavings));
}
