using Fulcrum.Output;

namespace Fulcrum.Tests.Output;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1_258_291, "1.2 MiB")]
    [InlineData(1_048_575, "1 MiB")]
    [InlineData(10_737_418_240, "10 GiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Sizes(long bytes, string shown) => Assert.Equal(shown, Amounts.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9999")]
    [InlineData(10_000, "10k")]
    [InlineData(999_999, "1M")]
    [InlineData(3_400_000, "3.4M")]
    [InlineData(long.MaxValue, "9.2E")]
    public void Counts(long count, string shown) => Assert.Equal(shown, Amounts.Count(count));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.3")]
    [InlineData(12.4, "12")]
    [InlineData(999.6, "1k")]
    [InlineData(3_400, "3.4k")]
    public void Speeds(double rate, string shown) => Assert.Equal(shown, Amounts.Rate(rate));

    [Theory]
    [InlineData("a b c", 3, "a b|c")]
    [InlineData("a  b", 10, "a b")]
    [InlineData("longer than", 3, "longer|than")]
    [InlineData("", 3, "")]
    [InlineData("保守 中", 5, "保守|中")]
    public void Sentences_break_between_words(string text, int width, string lines) =>
        Assert.Equal(lines, string.Join('|', Prose.Wrap(text, width)));

    [Theory]
    [InlineData("保守中", 3, "保", "中")]
    [InlineData("e\u0301e", 1, "e\u0301", "e")]
    [InlineData("ab", 5, "ab", "ab")]
    public void Heads_and_tails_do_not_cut_letters(string text, int room, string head, string tail)
    {
        Assert.Equal(head, CellWidth.Head(text, room));
        Assert.Equal(tail, CellWidth.Tail(text, room));
    }
}
