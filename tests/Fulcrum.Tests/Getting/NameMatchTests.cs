using Fulcrum.Getting;

namespace Fulcrum.Tests.Getting;

public sealed class NameMatchTests
{
    private static readonly string[] Names = ["web", "web/one", "web/two", "webmail", "api/one", "api/three", "dns"];

    [Theory]
    [InlineData("web", "web")]
    [InlineData("api", "api/one,api/three")]
    [InlineData("webm", "webmail")]
    [InlineData("api/t", "api/three")]
    [InlineData("three", "api/three")]
    [InlineData("d", "dns")]
    [InlineData("nothing", "")]
    public void A_name_means(string typed, string names)
    {
        var match = NameMatch.Of(typed, Names);
        Assert.False(match.IsAmbiguous);
        Assert.Equal(names, string.Join(',', match.Names));
    }

    [Fact]
    public void What_could_be_several_is_none_of_them()
    {
        var match = NameMatch.Of("we", Names);
        Assert.True(match.IsAmbiguous);
        Assert.Equal(
            "'we' can be one of 4; say more of its name:\n  web\n  web/one\n  web/two\n  webmail",
            match.WhichOnes("we")
        );
        var many = NameMatch.Of("b", Enumerable.Range(10, 20).Select(i => $"b{i}"));
        Assert.EndsWith("\n  b19\n  and 10 more", many.WhichOnes("b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wbe/one", "web/one")]
    [InlineData("apii", "api")]
    [InlineData("zzzzzz", null)]
    public void What_was_probably_meant_is_said(string typed, string? meant) =>
        Assert.Equal(meant, NameMatch.Of(typed, Names).Near);

    [Theory]
    [InlineData("ba", "backends")]
    [InlineData("backend", "backends")]
    [InlineData("vips", "vips")]
    [InlineData("s", null)]
    [InlineData("so", "sources")]
    [InlineData("", null)]
    [InlineData("backendss", null)]
    public void Kinds_may_be_shortened(string typed, string? kind) => Assert.Equal(kind, KindTable.Find(typed)?.Many);
}
