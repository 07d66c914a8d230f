using System.Text.RegularExpressions;

namespace Fulcrum.Configuration.Tests;

/// <summary>What the documentation shows can be loaded as it stands.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("docs/configuration.md", 4)]
    public void Every_yaml_block_loads(string page, int blocks)
    {
        var text = File.ReadAllText(Path.Join(Repository.Root, page));
        var found = 0;
        foreach (Match block in Regex.Matches(text, "```yaml\n(.*?)```", RegexOptions.Singleline))
        {
            // Other files are not there to be included.
            var yaml = Regex.Replace(block.Groups[1].Value, "^include:.*$", "", RegexOptions.Multiline);
            var result = SnapshotLoader.Parse(yaml, page, ConfigurationFormat.Yaml);
            Assert.True(result.Problems.Count == 0, $"{string.Join('\n', result.Problems)}\n{yaml}");
            found++;
        }

        Assert.Equal(blocks, found);
    }
}
