namespace Fulcrum.Architecture.Tests.Rules;

/// <summary>Rules about what is there and what is said.</summary>
internal static class RepositoryRules
{
    /// <summary>Files that name the place where this copy of the repository happens to stand, or what lies beside it.</summary>
    public static IEnumerable<string> PrivatePaths(IEnumerable<SourceFile> files, string root)
    {
        string[] places = [$"{root}/", "../" + "shared"];
        return from file in files
            from place in places
            where file.Text.Contains(place, StringComparison.Ordinal)
            select $"{file.Path} mentions {place}";
    }

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
