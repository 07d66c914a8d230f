using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Tests;

public sealed class SelectorTextTests
{
    [Theory]
    [InlineData("tier=web", "tier=web")]
    [InlineData(" tier=web , rack notin (a, b),gpu, !old", "tier=web,rack notin (a,b),gpu,!old")]
    [InlineData("tier==web,rack in(a),env != test", "tier=web,rack=a,env!=test")]
    [InlineData("in in (in)", "in=in")]
    [InlineData("fulcrum.io/tier=a:b@c", "fulcrum.io/tier=a:b@c")]
    public void Selectors_are_read_and_written(string text, string written)
    {
        Assert.True(SelectorText.TryParse(text, out var selector));
        Assert.Equal(written, SelectorText.Format(selector));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tier=")]
    [InlineData("=web")]
    [InlineData("!=web")]
    [InlineData("tier=web,")]
    [InlineData("tier=web db")]
    [InlineData("!")]
    [InlineData("!tier=web")]
    [InlineData("tier in ()")]
    [InlineData("tier in (a,)")]
    [InlineData("tier in (a")]
    [InlineData("tier within (a)")]
    [InlineData("tier=web,,gpu")]
    public void What_could_be_meant_otherwise_is_refused(string text) =>
        Assert.False(SelectorText.TryParse(text, out _));

    [Fact]
    public void A_text_that_is_too_long_is_refused() =>
        Assert.False(SelectorText.TryParse(new string('a', 2000), out _));

    /// <summary>A scope that is written down and read again asks the same of all labels.</summary>
    [Fact]
    public void Selectors_come_back_as_they_went() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new Random(seed);
                var terms = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Term(random));
                var selector = new Selector(Items.From(terms));
                Assert.True(SelectorText.TryParse(SelectorText.Format(selector), out var read));
                Assert.Equal(selector, read);
            })
            .QuickCheckThrowOnFailure();

    private static SelectorTerm Term(Random random)
    {
        var kind = (SelectorOperator)random.Next(4);
        var values = kind is SelectorOperator.In or SelectorOperator.NotIn
            ? Enumerable.Range(0, random.Next(1, 4)).Select(_ => Word(random))
            : [];
        return new(Word(random), kind, Items.From(values));
    }

    private static string Word(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => "azAZ09._/:@-"[random.Next(12)])]);
}
