using Fulcrum.Output;

namespace Fulcrum.Tests.Output;

public sealed class TableTests
{
    private static readonly Look Look = new() { Now = Samples.Now };

    [Fact]
    public void Without_a_terminal_nothing_is_left_out()
    {
        var table = new Table(new("NAME") { Least = 4 }, new("N") { Right = true, Drop = 1 }, new("WHY") { Least = 4 });
        table.Add("a", "1", new string('x', 300));
        table.Add("long name", "1000", "");
        Assert.Equal(
            ["NAME          N  WHY", "a             1  " + new string('x', 300), "long name  1000"],
            table.Lines(Look)
        );
    }

    [Fact]
    public void Sentences_shrink_before_anything_goes() =>
        Assert.Equal([4, 4, 12], TableLayout.Widths(Columns, [4, 4, 40], 24));

    [Fact]
    public void What_matters_little_goes_before_a_sentence_says_nothing() =>
        Assert.Equal([4, 0, 14], TableLayout.Widths(Columns, [4, 4, 40], 20));

    [Fact]
    public void The_last_resort_is_the_edge()
    {
        var table = new Table(new("FIRST"), new("SECOND"));
        table.Add("0123456789", "0123456789");
        Assert.Equal(["FIRST       SE…", "0123456789  01…"], table.Lines(Look with { Width = 15 }));
        Assert.Equal(["FIR…", "012…"], table.Lines(Look with { Width = 4 }));
    }

    [Fact]
    public void A_name_keeps_its_end() =>
        Assert.Equal("web/1…13.100:8080", Table.Fit("web/10.0.13.100:8080", 17, keepsEnd: true, Look));

    [Fact]
    public void Empty_columns_that_are_optional_and_wide_ones_are_left_out()
    {
        var table = new Table(new("A"), new("B") { Optional = true }, new("C") { Wide = true });
        table.Add("1", "", "3");
        Assert.Equal(["A", "1"], table.Lines(Look));
        Assert.Equal(["A  C", "1  3"], table.Lines(Look with { Wide = true }));
    }

    [Fact]
    public void Letters_of_two_columns_keep_the_columns_straight()
    {
        var table = new Table(new("NAME"), new("N"));
        table.Add("保守中", "1");
        table.Add("e\u0301\U0001F680", "2");
        Assert.Equal(["NAME    N", "保守中  1", "e\u0301\U0001F680     2"], table.Lines(Look));
    }

    [Fact]
    public void Colours_do_not_move_columns_and_titles_are_dim()
    {
        var table = new Table(new("A"), new("B") { Right = true }, new("C"));
        table.Add(new("x", Tone.Good), new("1", Tone.Bad), "z");
        Assert.Equal(
            ["\e[2mA\e[0m  \e[2mB\e[0m  \e[2mC\e[0m", "\e[32mx\e[0m  \e[31m1\e[0m  z"],
            table.Lines(Look with { Colour = true })
        );
    }

    [Theory]
    [InlineData("\e[31mred", "?[31mred")]
    [InlineData("a\nb", "a?b")]
    [InlineData("a\u202Eb", "a?b")]
    [InlineData("plain – 保守", "plain – 保守")]
    public void A_terminal_obeys_no_cell(string sent, string shown) => Assert.Equal(shown, Table.Clean(sent));

    [Fact]
    public void No_line_is_ever_wider_than_the_terminal()
    {
        var seed = TestKit.Seeds.FromEnvironmentOrFresh();
        var random = new Random(seed);
        for (var i = 0; i < TestKit.Soak.Count(20_000, 1_000); i++)
        {
            var columns = Enumerable
                .Range(0, random.Next(1, 9))
                .Select(at => new Column(new string((char)('A' + at), random.Next(1, 8)))
                {
                    Right = random.Next(2) == 0,
                    Drop = random.Next(8),
                    Least = random.Next(3) == 0 ? 0 : random.Next(1, 30),
                    KeepsEnd = random.Next(3) == 0,
                    Optional = random.Next(3) == 0,
                })
                .ToList();
            var table = new Table(columns);
            for (var row = random.Next(5); row >= 0; row--)
            {
                table.Add([.. columns.Select(_ => (Cell)Text(random))]);
            }

            var width = random.Next(1, 200);
            var lines = table.Lines(Look with { Width = width });
            Assert.All(lines, line => Assert.True(CellWidth.Of(line) <= width, $"seed {seed}: '{line}' in {width}"));
        }
    }

    private static Column[] Columns => [new("NAME"), new("N") { Drop = 4 }, new("WHY") { Least = 12 }];

    private static string Text(Random random) =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(40))
                .Select(_ =>
                    random.Next(9) == 0 ? "保"
                    : random.Next(9) == 0 ? "e\u0301"
                    : "x"
                )
        );
}
