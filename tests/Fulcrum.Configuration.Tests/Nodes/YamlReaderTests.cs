using System.Text;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;

namespace Fulcrum.Configuration.Tests.Nodes;

public sealed class YamlReaderTests
{
    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var root = Read("a: 1\nb:\n  - x\n  - { c: y }\n");
        Assert.Equal("t:1:1", root.Entries[0].KeyPosition.ToString());
        Assert.Equal("t:1:4", root.Entries[0].Value.Position.ToString());
        var list = Assert.IsType<SequenceNode>(root.Entries[1].Value);
        Assert.Equal("t:3:5", list.Items[0].Position.ToString());
        var inner = Assert.IsType<MappingNode>(list.Items[1]);
        Assert.Equal("t:4:7", inner.Entries[0].KeyPosition.ToString());
        Assert.Equal("t:4:10", inner.Entries[0].Value.Position.ToString());
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("no", "no")]
    [InlineData("0o17", "0o17")]
    [InlineData("1_000", "1_000")]
    [InlineData("12:30", "12:30")]
    [InlineData("1.0", "1.0")]
    public void Scalars_keep_their_text(string written, string text) =>
        Assert.Equal(text, TextAt(Read($"a: {written}\n"), "a"));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key() => Assert.Equal("1", TextAt(Read("\ufeffa: 1\n"), "a"));

    [Fact]
    public void An_alias_is_what_its_anchor_is()
    {
        var root = Read("a: &x { k: v }\nb: *x\n&y c: &z w\nd: *y\n*z : e\n");
        Assert.Same(root.Find("a")!.Value.Value, root.Find("b")!.Value.Value);
        Assert.Equal("c", TextAt(root, "d"));
        Assert.Equal("e", TextAt(root, "w"));
    }

    [Fact]
    public void Merged_keys_give_way_to_own_and_earlier_ones()
    {
        var root = Read("a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], x: 0 }\nd: { \"<<\": text }\n");
        var merged = Assert.IsType<MappingNode>(root.Find("c")!.Value.Value);
        Assert.Equal(
            ["x=0", "y=1", "z=2"],
            merged
                .Entries.Select(entry => $"{entry.Key}={((ScalarNode)entry.Value).Text}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal("text", TextAt((MappingNode)root.Find("d")!.Value.Value, "<<"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but this\n")]
    [InlineData("---\n...\n")]
    public void Nothing_is_no_error(string text)
    {
        var result = SnapshotLoader.Parse(text, "empty", ConfigurationFormat.Yaml);
        Assert.Empty(result.Problems);
        Assert.Equal(Model.Snapshot.Empty, result.Snapshot);
    }

    [Fact]
    public void Depth_counts_through_aliases()
    {
        var problems = Problems(
            $"a: &a {new string('[', 40)}{new string(']', 40)}\nb: {new string('[', 30)}*a{new string(']', 30)}\n",
            NodeLimits.Default
        );
        Assert.Equal("t:2:34: nested more than 64 levels deep", Assert.Single(problems));
    }

    [Fact]
    public void Values_are_counted()
    {
        var limits = NodeLimits.Default with { Nodes = 6 };
        Assert.Empty(Problems("[1, 2, 3, 4, 5]", limits));
        Assert.StartsWith(
            "t:1:17: more than 6 values",
            Assert.Single(Problems("[1, 2, 3, 4, 5, 6]", limits)),
            StringComparison.Ordinal
        );
    }

    private static string TextAt(MappingNode node, string key) => ((ScalarNode)node.Find(key)!.Value.Value).Text;

    private static MappingNode Read(string text)
    {
        var problems = new ProblemList();
        var node = YamlReader.Read(Source(text), new NodeBudget(NodeLimits.Default), Expansion(problems), problems);
        Assert.Empty(problems.ToList());
        return Assert.IsType<MappingNode>(node);
    }

    private static List<string> Problems(string text, NodeLimits limits)
    {
        try
        {
            var problems = new ProblemList();
            YamlReader.Read(Source(text), new NodeBudget(limits), Expansion(problems), problems);
            return [.. problems.ToList().Select(problem => problem.ToString())];
        }
        catch (NodeException exception)
        {
            return [exception.Problem.ToString()];
        }
    }

    private static SourceText Source(string text) => SourceText.From("t", Encoding.UTF8.GetBytes(text));

    private static Expansion Expansion(ProblemList problems) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal), problems);
}
