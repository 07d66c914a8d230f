namespace Fulcrum.TestKit.Namespaces;

/// <summary>Names of namespaces: <c>fulcrum-test-PID-NUMBER-PURPOSE</c>, so that one can tell whose they are.</summary>
internal static class NamespaceNames
{
    private const string Prefix = "fulcrum-test-";

    public static string Make(int pid, int number, string purpose) => $"{Prefix}{pid}-{number}-{purpose}";

    /// <summary>Those that a test process made which is no more.</summary>
    public static IEnumerable<string> LeftBehind(IEnumerable<string> names, Func<int, bool> lives) =>
        names.Where(name => OwnerOf(name) is { } pid && !lives(pid)).ToArray();

    public static int? OwnerOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && name[Prefix.Length..].Split('-') is [var pid, _, ..]
        && int.TryParse(pid, out var number)
            ? number
            : null;

    public static bool ProcessLives(int pid) => Directory.Exists($"/proc/{pid}");
}
