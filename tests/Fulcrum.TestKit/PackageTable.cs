namespace Fulcrum.TestKit;

/// <summary>Reads <c>eng/packages.txt</c>: which Debian package gives which program. <c>./test --install</c> reads it too.</summary>
internal static class PackageTable
{
    /// <summary>The package that gives <paramref name="command"/>, or null when the table does not name it.</summary>
    public static string? PackageOf(string command)
    {
        var table = Repository.PathOf("eng", "packages.txt");
        return File.Exists(table) ? PackageOf(command, File.ReadLines(table)) : null;
    }

    internal static string? PackageOf(string command, IEnumerable<string> lines) =>
        lines
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields.Length >= 2 && fields[1] == command)
            ?[0];
}
