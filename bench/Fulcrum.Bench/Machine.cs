using System.Globalization;

namespace Fulcrum.Bench;

/// <summary>The machine that the numbers come from, and where the repository is on it.</summary>
internal static class Machine
{
    private static readonly Lazy<string> Root = new(FindRoot);

    public static string PathOf(string path) => Path.Combine(Root.Value, path);

    /// <summary>The processors that this process may use, by number.</summary>
    public static int[] AllowedProcessors() =>
        Field("/proc/self/status", "Cpus_allowed_list")
            .Split(',')
            .Select(range => range.Split('-').Select(int.Parse).ToArray())
            .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1))
            .ToArray();

    /// <summary>How many a process may open, without privilege.</summary>
    public static long MostDescriptors() =>
        long.TryParse(
            Field("/proc/self/limits", "Max open files").Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture,
            out var most
        )
            ? most
            : long.MaxValue;

    public static string Describe() =>
        $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} processors, "
        + $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, .NET {Environment.Version}, "
        + $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}";

    private static string Field(string file, string name) =>
        File.ReadLines(file)
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':') + 1)..].Trim())
            .FirstOrDefault("unknown");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Fulcrum.slnx")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException($"no Fulcrum.slnx above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
