using System.Text;
using Fulcrum.TestKit.Exposition;

namespace Fulcrum.TestKit.Tests.Exposition;

public sealed class ExpositionParserTests
{
    private const string Good = """
        # HELP a_seconds Backslash \\, quote \", break \n.
        # TYPE a_seconds histogram
        # UNIT a_seconds seconds
        a_seconds_bucket{x="1",le="0.5"} 1
        a_seconds_bucket{x="1",le="+Inf"} 3
        a_seconds_count{x="1"} 3
        a_seconds_sum{x="1"} 7.5
        # TYPE b counter
        b_total 1
        b_total{x="\\ \" \n"} 2e+300
        # TYPE c gauge
        c{x="",y="a"} -Inf
        # EOF

        """;

    [Fact]
    public void What_is_right_is_understood()
    {
        var page = Parse(Good, true);
        Assert.Equal(7, page.Samples);
        Assert.Equal("Backslash \\, quote \", break \n.", page["a_seconds"].Help);
        Assert.Equal(("histogram", "seconds"), (page["a_seconds"].Type, page["a_seconds"].Unit));
        Assert.Equal(2e300, page.Value("b_total", ("x", "\\ \" \n")));
        Assert.Equal(double.NegativeInfinity, page.Value("c", ("x", "")));
        Assert.Equal(["x", "y"], page["c"].Labels);
        Assert.Equal(1, Parse("# TYPE b_total counter\nb_total 1\n", false).Samples);
    }

    [Theory]
    [InlineData("# EOF\n", "", "# EOF is missing")]
    [InlineData("# EOF\n", "# EOF\n\n", "follows # EOF")]
    [InlineData("b_total 1\n", "b_total  1\n", "is no number")]
    [InlineData("b_total 1\n", "b_total 1 \n", "something follows")]
    [InlineData("b_total 1\n", "b 1\n", "no sample of the counter")]
    [InlineData("b_total 1\n", "b_total -1\n", "less than nothing")]
    [InlineData("b_total 1\n", "b_total 0x1\n", "is no number")]
    [InlineData("b_total 1\n", "b_total 1\nb_total 1\n", "there already")]
    [InlineData("b_total 1\n", "b_total{y=\"1\",y=\"2\"} 1\n", "label y is there already")]
    [InlineData("b_total 1\n", "b_total{y=\"\\t\"} 1\n", "no escape")]
    [InlineData("b_total 1\n", "b_total{y=\"1} 1\n", "ends too soon")]
    [InlineData("b_total 1\n", "b_total{} 1\n", "label ''")]
    [InlineData("b_total 1\n", "b_total{y=\"1\",} 1\n", "label ''")]
    [InlineData("b_total 1\n", "b_total{1y=\"1\"} 1\n", "label '1y'")]
    [InlineData("b_total 1\n", "\nb_total 1\n", "is no name")]
    [InlineData("b_total 1\n", "b_total 1\n# HELP b Late.\n", "metadata after samples")]
    [InlineData("# TYPE c gauge", "# TYPE b gauge", "metadata after samples")]
    [InlineData("# TYPE c gauge", "# TYPE a_seconds gauge", "a second time")]
    [InlineData("# TYPE c gauge", "# TYPE d gauge", "no sample of the gauge d")]
    [InlineData("# TYPE c gauge", "# TYPE c wheel", "not expected")]
    [InlineData("# UNIT a_seconds seconds", "# UNIT a_seconds bytes", "does not end in its unit")]
    [InlineData("le=\"0.5\"", "le=\"+Inf\"", "there already")]
    [InlineData("le=\"+Inf\"", "le=\"0.4\"", "do not rise")]
    [InlineData("le=\"+Inf\"", "le=\"0.6\"", "no bucket +Inf")]
    [InlineData("a_seconds_bucket{x=\"1\",le=\"0.5\"} 1", "a_seconds_bucket{x=\"1\",le=\"0.5\"} 4", "do not rise")]
    [InlineData("a_seconds_count{x=\"1\"} 3", "a_seconds_count{x=\"1\"} 4", "is not the count")]
    [InlineData("a_seconds_count{x=\"1\"} 3\n", "", "has no _count")]
    [InlineData("a_seconds_sum{x=\"1\"} 7.5\n", "a_seconds_sum{x=\"2\"} 7.5\n", "has no _sum")]
    [InlineData("c{x=\"\",y=\"a\"}", "c{le=\"1\"}", "le belongs to buckets")]
    public void What_is_wrong_is_refused(string right, string wrong, string why)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var page = Good.Replace(right, wrong, StringComparison.Ordinal);
        var refusal = Assert.Throws<FormatException>(() => Parse(page, true));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# TYPE b counter\nb 1\n")]
    [InlineData("# TYPE b_total counter\nb_total 1\n# EOF\n")]
    [InlineData("# TYPE b_seconds gauge\n# UNIT b_seconds seconds\nb_seconds 1\n")]
    [InlineData("# TYPE b gauge\nb 1")]
    [InlineData("b 1\n")]
    public void The_older_form_has_rules_of_its_own(string page) =>
        Assert.Throws<FormatException>(() => Parse(page, false));

    private static ExpositionPage Parse(string text, bool isOpen) =>
        ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), isOpen);
}
