namespace Fulcrum.Configuration.Tests;

/// <summary>What the documentation shows can be loaded as it stands.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("README.md", 2)]
    [InlineData("docs/configuration.md", 7)]
    [InlineData("docs/access.md", 4)]
    [InlineData("docs/proxy.md", 9)]
    [InlineData("docs/tls.md", 5)]
    [InlineData("docs/ipvs.md", 4)]
    public void Every_yaml_block_loads(string page, int blocks)
    {
        var text = File.ReadAllText(Path.Join(Repository.Root, page));
        var parts = text.Split("```");
        var found = 0;
        // Every second part is a block; its first line is its language.
        foreach (
            var block in parts.Where((part, i) => i % 2 == 1 && part.StartsWith("yaml\n", StringComparison.Ordinal))
        )
        {
            // Other files are not there to be included.
            var lines = block.Split('\n').Skip(1).Where(line => !line.StartsWith("include:", StringComparison.Ordinal));
            var yaml = string.Join('\n', lines);
            var result = SnapshotLoader.Parse(yaml, page, ConfigurationFormat.Yaml);
            Assert.True(result.Problems.Count == 0, $"{string.Join('\n', result.Problems)}\n{yaml}");
            found++;
        }

        Assert.Equal(blocks, found);
    }
}
