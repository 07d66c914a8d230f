using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Tuning;

/// <summary>Counts packets that come into a namespace, or leave it, by what they are like.</summary>
internal sealed class Sighting
{
    private readonly NetworkNamespace _home;

    /// <param name="home">Where it counts.</param>
    /// <param name="hook"><c>input</c> or <c>output</c>.</param>
    /// <param name="rules">Names of counters, and what is counted, in nft's words.</param>
    public Sighting(NetworkNamespace home, string hook, params (string Name, string Match)[] rules)
    {
        _home = home;
        var counters = string.Join('\n', rules.Select(rule => $"counter {rule.Name} {{ }}"));
        var lines = string.Join('\n', rules.Select(rule => $"{rule.Match} counter name {rule.Name}"));
        var table = $$"""
            table inet sighting {
            {{counters}}
            chain seen {
            type filter hook {{hook}} priority 0;
            {{lines}}
            }
            }

            """;
        home.Run(() => Tool.RunWithInput("nft", table, "-f", "-"));
    }

    public long this[string name]
    {
        get
        {
            var json = JsonNode.Parse(_home.Run("nft", "-j", "list", "counter", "inet", "sighting", name))!;
            var counter = json["nftables"]!.AsArray().Select(item => item!["counter"]).First(item => item is not null)!;
            return (long)counter["packets"]!;
        }
    }
}
