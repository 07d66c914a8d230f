using Fulcrum.Architecture.Tests.Rules;
using Fulcrum.TestKit;

namespace Fulcrum.Architecture.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public void No_file_mentions_a_directory_of_its_authors()
    {
        var files = RepositoryFiles.Texts().ToArray();
        Assert.Contains(files, file => file.Path == "Directory.Build.props");
        Broken.None(RepositoryRules.PrivatePaths(files, Repository.Root));
    }

    [Fact]
    public void A_directory_of_the_authors_is_found() =>
        Assert.Single(
            RepositoryRules.PrivatePaths([new SourceFile("a", "see /srv/build/fulcrum/notes")], "/srv/build/fulcrum")
        );

    [Fact]
    public void Every_project_with_code_has_tests()
    {
        var withCode = RepositoryFiles
            .Projects("src")
            .Select(project => project.Name)
            .Where(name => RepositoryFiles.CSharp($"src/{name}").Count > 0)
            .ToArray();
        var tests = RepositoryFiles.Projects("tests").Select(project => project.Name).ToArray();
        Assert.NotEmpty(withCode);
        Broken.None(RepositoryRules.WithoutTests(withCode, tests, Layers.Untested));
    }

    [Fact]
    public void Missing_tests_and_stale_exemptions_are_found()
    {
        var exempt = new Dictionary<string, string>(StringComparer.Ordinal) { ["B"] = "why", ["C"] = "why" };
        Assert.Equal(
            ["A has no tests", "C has tests, so its exemption is stale"],
            RepositoryRules.WithoutTests(["A", "B", "C", "D"], ["C.Tests", "D.Tests"], exempt)
        );
    }

    [Fact]
    public void The_solution_names_every_project()
    {
        var solution = RepositoryFiles.Read("Fulcrum.slnx").Text;
        var projects = new[] { "src", "tests", "bench" }
            .SelectMany(RepositoryFiles.Projects)
            .Select(project => project.Path);
        Broken.None(RepositoryRules.OutsideSolution(solution, projects));
    }

    [Fact]
    public void A_project_outside_the_solution_is_found() =>
        Assert.Single(
            RepositoryRules.OutsideSolution("<Project Path=\"src/A/A.csproj\" />", ["src/A/A.csproj", "src/B/B.csproj"])
        );
}
