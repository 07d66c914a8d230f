using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Tests.Shapes;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("2s", 2_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("1d2h", 26 * 3_600_000)]
    [InlineData("2000us", 2)]
    public void Durations(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(Quantities.Duration, text));

    [Theory]
    [InlineData("1m30s")]
    [InlineData("10d23h59m59s999ms999.9us")]
    [InlineData("0s")]
    [InlineData("0.1us")]
    public void Durations_are_written_as_they_are_read(string text) =>
        Assert.Equal(text, ((ScalarNode)Quantities.Duration.Write(Read(Quantities.Duration, text))).Text);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1500", 1500)]
    [InlineData("10B", 10)]
    [InlineData("64KiB", 65536)]
    [InlineData("1MiB", 1048576)]
    [InlineData("8388607TiB", 9223370937343148032)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, Read(Quantities.Size, text));

    [Theory]
    [InlineData("2", "2")]
    [InlineData("60%", "60%")]
    [InlineData("0.6", "60%")]
    [InlineData("1.0", "100%")]
    [InlineData("0", "0")]
    [InlineData("33.3%", "33.3%")]
    public void Amounts(string text, string amount) => Assert.Equal(amount, Read(Quantities.Amount, text).ToString());

    [Theory]
    [InlineData("50%", 0.5, "50%")]
    [InlineData("0.25", 0.25, "25%")]
    [InlineData("0", 0.0, "0%")]
    [InlineData("1", 1.0, "100%")]
    [InlineData("100%", 1.0, "100%")]
    [InlineData("off", null, "off")]
    public void Shares(string text, double? share, string written)
    {
        Assert.Equal(share, Read(Quantities.ShareOrOff, text));
        Assert.Equal(written, ((ScalarNode)Quantities.ShareOrOff.Write(share)).Text);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("Off")]
    public void No_shares(string text) => Assert.False(TryRead(Quantities.ShareOrOff, text));

    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1", 80)]
    [InlineData("10.0.0.1", "10.0.0.1", null)]
    [InlineData("[2001:db8::1]:80", "2001:db8::1", 80)]
    [InlineData("[2001:db8::1]", "2001:db8::1", null)]
    [InlineData("2001:db8::1", "2001:db8::1", null)]
    [InlineData("2001:db8::1:7400", "2001:db8::1:7400", null)]
    [InlineData("web.example.com:80", "web.example.com", 80)]
    [InlineData("_srv", "_srv", null)]
    [InlineData("/run/x.sock", "/run/x.sock", null)]
    public void Hosts_with_ports(string text, string host, int? port)
    {
        var place = Read(HostPort.Shape, text);
        Assert.Equal(host, place.Host.ToString());
        Assert.Equal(port, place.Port);
        Assert.Equal(place, Read(HostPort.Shape, place.ToString()));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("a.b@c:d/e-f_g")]
    [InlineData("default/web")]
    [InlineData("[2001:db8::1]:80", false)]
    [InlineData("10.0.0.1:80")]
    [InlineData("1")]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("a${", false)]
    public void Names(string text, bool isName = true) => Assert.Equal(isName, TryRead(Scalars.Name, text));

    [Fact]
    public void A_name_has_a_longest() => Assert.False(TryRead(Scalars.Name, new string('a', 254)));

    [Theory]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("-a.example")]
    [InlineData("10.0.0.300")]
    [InlineData("123")]
    [InlineData("a b")]
    public void No_host_names(string text) => Assert.False(HostNames.IsValid(text));

    [Theory]
    [InlineData("weightedRoundRobin", "weighted-round-robin")]
    [InlineData("Http2", "http2")]
    public void Words_are_in_kebab_case(string name, string word) =>
        Assert.Equal(word, Words.Kebab(char.ToUpperInvariant(name[0]) + name[1..]));

    [Fact]
    public void Enumerations_read_their_words_only()
    {
        var shape = Words.Of<Forwarding>();
        Assert.Equal(Forwarding.Dsr, Read(shape, "dsr"));
        Assert.False(TryRead(shape, "Dsr"));
        Assert.False(TryRead(shape, "2"));
    }

    private static T Read<T>(Shape<T> shape, string text)
    {
        var problems = new ProblemList();
        var read = shape.TryRead(new ScalarNode(text, ScalarStyle.Plain), new ReadContext(problems), out var value);
        Assert.True(read, string.Join('\n', problems.ToList()));
        return value!;
    }

    private static bool TryRead<T>(Shape<T> shape, string text) =>
        shape.TryRead(new ScalarNode(text, ScalarStyle.Plain), new ReadContext(new ProblemList()), out _);
}
