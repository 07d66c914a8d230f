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
    public void Native_libraries_stay_with_their_owners()
    {
        var projects = Built().ToArray();
        Assert.NotEmpty(projects);
        Broken.None(
            projects.SelectMany(project =>
                AssemblyRules.ForeignImports(
                    project.Name,
                    AssemblyRules.NativeImports(project.File),
                    Layers.NativeOwners
                )
            )
        );
    }

    /// <summary>The kit calls setns(2): if the rule does not see that, it sees nothing.</summary>
    [Fact]
    public void Native_calls_are_found() =>
        Assert.Contains("libc!setns", AssemblyRules.NativeImports(typeof(Wait).Assembly.Location));

    [Theory]
    [InlineData("Fulcrum.Linux", "libc!bind", 0)]
    [InlineData("Fulcrum.Linux", "libssl.so.3!SSL_new", 1)]
    [InlineData("Fulcrum.Tls", "libssl.so.3!SSL_new", 0)]
    [InlineData("Fulcrum.Tls", "libcrypto.so.3!RAND_bytes", 0)]
    [InlineData("Fulcrum.Tls", "libc!bind", 1)]
    [InlineData("Fulcrum.Tls", "NativeLibrary", 1)]
    [InlineData("Fulcrum.Engine", "libc!bind", 1)]
    public void A_call_of_somebody_elses_library_is_found(string project, string import, int violations) =>
        Assert.Equal(violations, AssemblyRules.ForeignImports(project, [import], Layers.NativeOwners).Count());

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
