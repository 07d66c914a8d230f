using Fulcrum.Bench.Proxies;

namespace Fulcrum.Bench.Tests.Proxies;

public sealed class ProxyOptionsTests
{
    [Fact]
    public void Nothing_said_is_nine_rounds_of_all_rows()
    {
        var options = ProxyOptions.Parse([])!;
        Assert.Equal(
            (9, TimeSpan.FromSeconds(2), 1, false),
            (options.Rounds, options.Duration, options.Loops, options.Veth)
        );
        Assert.Equal(Row.All, options.Rows);
    }

    [Fact]
    public void What_is_said_is_taken()
    {
        var options = ProxyOptions.Parse([
            "--veth",
            "--rounds",
            "3",
            "--rows",
            "idle,bulk-1",
            "--seconds",
            "0.5",
            "--loops",
            "2",
        ])!;
        Assert.Equal(
            (3, TimeSpan.FromSeconds(0.5), 2, true),
            (options.Rounds, options.Duration, options.Loops, options.Veth)
        );
        Assert.Equal(["bulk-1", "idle"], options.Rows.Select(row => row.Name));
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "1.5")]
    [InlineData("--seconds", "-1")]
    [InlineData("--rows", "bulk")]
    [InlineData("--rows", "")]
    [InlineData("--loops", "65")]
    [InlineData("--fast", "1")]
    public void What_makes_no_sense_is_refused(params string[] arguments) => Assert.Null(ProxyOptions.Parse(arguments));

    [Fact]
    public void Each_row_has_a_name_of_its_own_and_a_peer() =>
        Assert.All(
            Row.All,
            row =>
            {
                Assert.Single(Row.All, other => other.Name == row.Name);
                Assert.True(ProxyProgram.Fulcrum.Does(row) && ProxyProgram.Nginx.Does(row));
                Assert.Equal(!row.IsDatagrams, ProxyProgram.Haproxy.Does(row));
                Assert.Equal(row.IsBuffered, ProxyProgram.HaproxyWithBuffers.Does(row));
            }
        );
}
