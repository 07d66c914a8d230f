using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;

namespace Fulcrum.Configuration.Tests.Nodes;

public sealed class ExpansionTests
{
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["A"] = "one",
        ["B_2"] = "[two, {x: y}]",
        ["EMPTY"] = "",
        ["LOOP"] = "${LOOP}",
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${A}", "one")]
    [InlineData("x${A}y${A}", "xoneyone")]
    [InlineData("${B_2}", "[two, {x: y}]")]
    [InlineData("${NOT_SET:-else}", "else")]
    [InlineData("${EMPTY:-else}", "else")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${A:-else}", "one")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$$${A}", "$${A}")]
    [InlineData("$A $ $$", "$A $ $$")]
    [InlineData("${LOOP}", "${LOOP}")]
    public void Replaces_variables(string text, string expected)
    {
        var problems = new ProblemList();
        Assert.Equal(expected, new Expansion(Variables, problems).Apply(text, ScalarStyle.Plain, default).Text);
        Assert.False(problems.HasErrors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("${A}")]
    [InlineData("$${A}$${")]
    [InlineData("$")]
    public void What_is_escaped_reads_back(string text)
    {
        var problems = new ProblemList();
        Assert.Equal(
            text,
            new Expansion(Variables, problems).Apply(Expansion.Escape(text), ScalarStyle.Plain, default).Text
        );
        Assert.False(problems.HasErrors);
    }
}
