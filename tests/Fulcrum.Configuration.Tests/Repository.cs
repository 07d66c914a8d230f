namespace Fulcrum.Configuration.Tests;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = TestKit.Repository.Root;

    public static string Tests { get; } = Path.Join(Root, "tests", "Fulcrum.Configuration.Tests");

    public static IReadOnlyList<string> Examples { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Join(Root, "examples"), "*.*", SearchOption.AllDirectories)
            .Where(path => IsConfiguration(path) && !IsForeign(path))
            .Order(StringComparer.Ordinal),
    ];

    public static bool IsConfiguration(string path) => Path.GetExtension(path) is ".yaml" or ".json";

    // A translation stands beside what was translated.
    private static bool IsForeign(string path) =>
        path.Contains("/translations/", StringComparison.Ordinal) && Path.GetFileName(path) != "fulcrum.yaml";

    /// <summary>Fails with the whole list, which the runner would cut short.</summary>
    public static void AssertFine(LoadResult result)
    {
        if (result.Problems.Count > 0 || result.Snapshot is null)
        {
            Assert.Fail(string.Join('\n', result.Problems));
        }
    }
}
