using Fulcrum.Architecture.Tests.Rules;
using Fulcrum.TestKit;

namespace Fulcrum.Architecture.Tests;

public sealed class LayerTests
{
    private static readonly ProjectFile[] Source = [.. RepositoryFiles.Projects("src")];

    [Fact]
    public void Projects_reference_only_smaller_layers()
    {
        Assert.NotEmpty(Source);
        Broken.None(LayerRule.Violations(Source, Layers.All));
    }

    [Theory]
    [InlineData("Fulcrum.Model", "Fulcrum.Protocols", "layer 0")]
    [InlineData("Fulcrum.Linux", "Fulcrum.Engine", "layer 2")]
    [InlineData("Fulcrum.Model", "Fulcrum.TestKit", "no layer")]
    [InlineData("Fulcrum.Utilities", "Fulcrum.Model", "no layer")]
    public void A_reference_upwards_sideways_or_outwards_is_found(string project, string reference, string said)
    {
        ProjectFile[] bad = [new($"src/{project}/{project}.csproj", project, [reference])];
        Assert.Contains(said, Assert.Single(LayerRule.Violations(bad, Layers.All)), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_Linux_calls_native_code()
    {
        var projects = Built().Where(project => project.Name != "Fulcrum.Linux").ToArray();
        Assert.NotEmpty(projects);
        Broken.None(
            from project in projects
            from import in AssemblyRules.NativeImports(project.File)
            select $"{project.Name} calls {import}"
        );
    }

    /// <summary>The kit calls setns(2): if the rule does not see that, it sees nothing.</summary>
    [Fact]
    public void Native_calls_are_found() =>
        Assert.Contains("libc!setns", AssemblyRules.NativeImports(typeof(Wait).Assembly.Location));

    [Fact]
    public void Libraries_stay_with_their_owners() =>
        Broken.None(
            Built()
                .SelectMany(project =>
                    AssemblyRules.ForeignReferences(project.Name, AssemblyRules.References(project.File), Layers.Owners)
                )
        );

    [Fact]
    public void A_foreign_library_is_found()
    {
        Assert.Contains("xunit.v3.assert", AssemblyRules.References(typeof(Wait).Assembly.Location));
        string[] bad = ["System.Runtime", "Microsoft.AspNetCore.Http", "System.CommandLine"];
        Assert.Equal(2, AssemblyRules.ForeignReferences("Fulcrum.Engine", bad, Layers.Owners).Count());
        Assert.Empty(AssemblyRules.ForeignReferences("Fulcrum", bad, Layers.Owners));
    }

    private static IEnumerable<(string Name, string File)> Built() =>
        Source.Select(project =>
            (project.Name, Repository.BuiltAssembly(project.Name, project.Name == "Fulcrum" ? "fulcrum" : null))
        );
}
