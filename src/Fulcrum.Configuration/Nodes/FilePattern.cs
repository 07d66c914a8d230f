using System.IO.Enumeration;

namespace Fulcrum.Configuration.Nodes;

/// <summary>The files that a pattern names: <c>*</c> and <c>?</c> within a part of the path, hidden files only when asked for.</summary>
internal static class FilePattern
{
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>Existing files, sorted by name, so that each machine reads them in one order.</summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = [pattern.StartsWith('/') ? "/" : ""];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var isLast = i == parts.Length - 1;
            found = IsPattern(part)
                ? found.SelectMany(folder => Matches(folder, part, isLast))
                : found.Select(folder => Path.Join(folder, part));
        }

        return [.. found.Where(File.Exists).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Matches(string folder, string part, bool files)
    {
        var place = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(place))
        {
            return [];
        }

        var entries = files ? Directory.EnumerateFiles(place) : Directory.EnumerateDirectories(place);
        return entries
            .Select(entry => Path.GetFileName(entry))
            .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false))
            .Where(name => !name.StartsWith('.') || part.StartsWith('.'))
            .Select(name => Path.Join(folder, name));
    }
}
