using Fulcrum.Output;

namespace Fulcrum.Tests.Output;

public sealed class SurroundingsTests
{
    [Theory]
    [InlineData("auto", true, "", "", true)]
    [InlineData("auto", false, "", "", false)]
    [InlineData("auto", true, "1", "", false)]
    [InlineData("auto", true, "", "dumb", false)]
    [InlineData("never", true, "", "", false)]
    [InlineData("always", false, "1", "dumb", true)]
    public void Colours_are_where_they_help(
        string said,
        bool isTerminal,
        string none,
        string terminal,
        bool coloured
    ) =>
        Assert.Equal(
            coloured,
            With(isTerminal, ("NO_COLOR", none), ("TERM", terminal), ("colour", said)).Look().Colour
        );

    [Theory]
    [InlineData(true, "", 80)]
    [InlineData(true, "132", 132)]
    [InlineData(true, "wide", 80)]
    [InlineData(false, "132", 132)]
    [InlineData(false, "", null)]
    public void The_width_is_what_COLUMNS_says_or_the_terminal(bool isTerminal, string columns, int? width) =>
        Assert.Equal(width, With(isTerminal, ("COLUMNS", columns)).Look().Width);

    [Theory]
    [InlineData("", "", "en_US.UTF-8", true)]
    [InlineData("C", "", "en_US.UTF-8", false)]
    [InlineData("", "de_DE.utf8", "C", true)]
    [InlineData("", "", "", false)]
    public void ASCII_is_for_those_who_have_no_more(string all, string type, string lang, bool unicode) =>
        Assert.Equal(unicode, With(true, ("LC_ALL", all), ("LC_CTYPE", type), ("LANG", lang)).Look().Unicode);

    private static Surroundings With(bool isTerminal, params (string Name, string Value)[] variables) =>
        new()
        {
            IsTerminal = isTerminal,
            Size = () => isTerminal ? (80, 24) : null,
            Variable = name => variables.FirstOrDefault(one => one.Name == name).Value,
            Colour = variables.FirstOrDefault(one => one.Name == "colour").Value ?? "auto",
        };
}
