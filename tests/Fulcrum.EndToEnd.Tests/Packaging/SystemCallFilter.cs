using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The system calls that a unit allows: its <c>SystemCallFilter=</c> with systemd's own groups (systemd.exec(5)).</summary>
internal sealed class SystemCallFilter
{
    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);

    private SystemCallFilter()
    {
        var group = new List<string>();
        foreach (var line in Tool.Run("systemd-analyze", "syscall-filter").Split('\n').TakeWhile(line => !IsRest(line)))
        {
            if (line.StartsWith('@'))
            {
                _groups[line.Trim()] = group = [];
            }
            else if (line.Trim() is { Length: > 0 } word && word[0] != '#')
            {
                group.Add(word);
            }
        }
    }

    /// <summary>All that is allowed. A list always allows <c>@default</c>; a line with a tilde takes away.</summary>
    public static IReadOnlySet<string> Of(UnitFile unit)
    {
        var filter = new SystemCallFilter();
        var allowed = new HashSet<string>(filter.Expand("@default"), StringComparer.Ordinal);
        foreach (var line in unit.LinesOf("SystemCallFilter"))
        {
            var calls = line.TrimStart('~').Split(' ').SelectMany(filter.Expand);
            if (line.StartsWith('~'))
            {
                allowed.ExceptWith(calls);
            }
            else
            {
                allowed.UnionWith(calls);
            }
        }

        return allowed;
    }

    private IEnumerable<string> Expand(string word) => word.StartsWith('@') ? _groups[word].SelectMany(Expand) : [word];

    // After the groups come the calls that are in none.
    private static bool IsRest(string line) => line.StartsWith("# Ungrouped", StringComparison.Ordinal);
}
