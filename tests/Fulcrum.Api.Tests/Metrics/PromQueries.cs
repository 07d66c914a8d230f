using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.Metrics;

/// <summary>The queries of a dashboard or of a file of rules, and the names in them.</summary>
internal static partial class PromQueries
{
    /// <summary>Words of the language that look like metrics' names.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "and",
        "or",
        "unless",
        "bool",
        "offset",
        "le",
    };

    public static IReadOnlyList<string> In(string file)
    {
        var text = File.ReadAllText(Repository.PathOf(file.Split('/')));
        return file.EndsWith(".json", StringComparison.Ordinal)
            ? [.. Expressions(JsonNode.Parse(text))]
            : [.. Rule().Matches(text).Select(match => match.Groups["expression"].Value)];
    }

    /// <summary>Every metric is one that there is, and every label one that it has, or that Prometheus gives it.</summary>
    public static void Check(string query, IReadOnlyDictionary<string, IReadOnlyList<string>> known)
    {
        var names = 0;
        var grouped = new HashSet<string>(StringComparer.Ordinal) { "instance", "job" };
        foreach (Match match in Selector().Matches(Strings().Replace(query, "\"\"")))
        {
            var name = match.Groups["name"].Value;
            if (Words.Contains(name) || !match.Success || match.Groups["call"].Success)
            {
                continue;
            }

            if (name.Contains('_', StringComparison.Ordinal) && !grouped.Contains(name))
            {
                Assert.True(known.ContainsKey(name), $"there is no metric {name}: {query}");
                names++;
                grouped.UnionWith(known[name]);
                foreach (Match label in Label().Matches(match.Groups["labels"].Value))
                {
                    Assert.True(
                        known[name].Contains(label.Groups["key"].Value, StringComparer.Ordinal)
                            || label.Groups["key"].Value is "instance" or "job",
                        $"{name} has no label {label.Groups["key"].Value}: {query}"
                    );
                }
            }
        }

        Assert.True(names > 0, $"no metric in {query}");
        foreach (Match by in Grouping().Matches(query))
        {
            foreach (
                var label in by.Groups["labels"]
                    .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            {
                Assert.True(grouped.Contains(label), $"no metric of {query} has a label {label}");
            }
        }
    }

    private static IEnumerable<string> Expressions(JsonNode? node) =>
        node switch
        {
            JsonObject item => item.SelectMany(pair =>
                pair.Key == "expr" ? [(string)pair.Value!] : Expressions(pair.Value)
            ),
            JsonArray list => list.SelectMany(Expressions),
            _ => [],
        };

    [GeneratedRegex(
        @"^ *expr: (?:\|-?\n +)?(?<expression>.+(?:\n {10,}.+)*)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rule();

    [GeneratedRegex(
        @"(?<![a-zA-Z0-9_$])(?<name>[a-z_][a-z0-9_]*)(?<call>\s*\()?(?:\{(?<labels>[^}]*)\})?",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<key>[a-z_]+)\s*(?:=~|!~|!=|=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(?:by|on|ignoring|without)\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Strings();
}
