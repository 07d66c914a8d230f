using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Documentation;

/// <summary>Every example of docs/checks.md can be run, and every kind of check has one.</summary>
public sealed class ChecksPageTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("docs", "checks.md"));

    [Fact]
    public void Every_example_can_be_run()
    {
        foreach (var (yaml, snapshot) in Examples())
        {
            Assert.True(snapshot.Services.Count > 0, yaml);
            Assert.All(snapshot.Services, service => Assert.NotEmpty(service.Policy.Checks));
            var missing = Capabilities.Missing(snapshot);
            Assert.True(missing.Count == 0, $"{string.Join('\n', missing)}\n{yaml}");
        }
    }

    [Fact]
    public void Every_kind_has_an_example_and_is_named_in_a_heading()
    {
        var shown = Examples()
            .SelectMany(example => example.Snapshot.Services)
            .SelectMany(service => service.Policy.Checks)
            .Select(check => check.Probe.Kind)
            .ToHashSet(StringComparer.Ordinal);
        var kinds = typeof(ProbeSpec)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ProbeSpec)) && type != typeof(GreetingProbe))
            .Select(type => type.Name[..^"Probe".Length].ToLowerInvariant())
            .Concat(GreetingProbe.Protocols)
            .Append("https");
        Assert.Equal(kinds.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        var headings = string.Join(
            '\n',
            Text.Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal))
        );
        Assert.All(shown, kind => Assert.Matches($@"\b{kind}\b.*:", headings));
    }

    private static IEnumerable<(string Yaml, Snapshot Snapshot)> Examples()
    {
        // Every second part is a block; its first line is its language.
        foreach (var (index, block) in Text.Split("```").Index())
        {
            if (index % 2 == 0 || !block.StartsWith("yaml\n", StringComparison.Ordinal))
            {
                continue;
            }

            var yaml = block["yaml\n".Length..];
            var loaded = SnapshotLoader.Parse(yaml, "checks.md", ConfigurationFormat.Yaml);
            Assert.True(loaded.Problems.Count == 0, $"{string.Join('\n', loaded.Problems)}\n{yaml}");
            yield return (yaml, loaded.Snapshot!);
        }
    }
}
