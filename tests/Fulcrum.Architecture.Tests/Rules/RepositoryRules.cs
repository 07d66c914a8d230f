namespace Fulcrum.Architecture.Tests.Rules;

/// <summary>Rules about what is there and what is said.</summary>
internal static class RepositoryRules
{
    /// <summary>Directories of the machine that something was written on; they mean nothing to a reader.</summary>
    private static readonly string[] Private = ["/wo" + "rk/", "/ro" + "ot/wt", "/tm" + "p/claude"];

    public static IEnumerable<string> PrivatePaths(IEnumerable<SourceFile> files) =>
        from file in files
        from path in Private
        where file.Text.Contains(path, StringComparison.Ordinal)
        select $"{file.Path} mentions {path}";

    /// <summary>A source project with code has a test project, or a written reason to have none; not both.</summary>
    public static IEnumerable<string> WithoutTests(
        IEnumerable<string> projectsWithCode,
        IReadOnlyCollection<string> testProjects,
        IReadOnlyDictionary<string, string> exempt
    )
    {
        foreach (var project in projectsWithCode)
        {
            var tested = testProjects.Contains($"{project}.Tests", StringComparer.Ordinal);
            if (!tested && !exempt.ContainsKey(project))
            {
                yield return $"{project} has no tests";
            }
            else if (tested && exempt.ContainsKey(project))
            {
                yield return $"{project} has tests, so its exemption is stale";
            }
        }
    }

    /// <summary>What the solution does not name is neither built nor tested.</summary>
    public static IEnumerable<string> OutsideSolution(string solution, IEnumerable<string> projectPaths) =>
        projectPaths
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            .Select(path => $"{path} is not in the solution");
}
