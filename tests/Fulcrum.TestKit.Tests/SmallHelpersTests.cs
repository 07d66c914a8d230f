using Xunit.Sdk;

namespace Fulcrum.TestKit.Tests;

/// <summary>Environment variables belong to the whole process: these tests set none, they ask the parsers.</summary>
public sealed class SmallHelpersTests
{
    [Theory]
    [InlineData(null, 0.05)]
    [InlineData("1", 1)]
    [InlineData("0.5", 0.5)]
    public void Soak_does_a_twentieth_unless_told_otherwise(string? variable, double share) =>
        Assert.Equal(share, Soak.ShareFrom(variable));

    [Fact]
    public void Soak_rounds_up() => Assert.True(Soak.Count(1) >= 1 && Soak.Count(100, atLeast: 30) >= 30);

    [Fact]
    public void The_package_table_knows_what_gives_a_program()
    {
        string[] table = ["# package command why", "nginx-light  nginx  a backend", "bind9-dnsutils dig x y z"];
        Assert.Equal("nginx-light", PackageTable.PackageOf("nginx", table));
        Assert.Equal("bind9-dnsutils", PackageTable.PackageOf("dig", table));
        Assert.Null(PackageTable.PackageOf("package", table));
    }

    [Fact]
    public void Each_line_of_the_package_table_in_the_repository_has_three_fields()
    {
        var lines = File.ReadLines(Repository.PathOf("eng", "packages.txt"))
            .Where(line => !line.StartsWith('#'))
            .ToArray();
        Assert.NotEmpty(lines);
        Assert.All(
            lines,
            line => Assert.True(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 3, line)
        );
        Assert.Equal("nginx-light", PackageTable.PackageOf("nginx"));
    }

    [Fact]
    public void What_is_missing_is_skipped_or_failed_and_named()
    {
        // Assert.Throws lets a skip through, as it should; so catch by hand.
        Exception? thrown = null;
        try
        {
            Require.Tool("no-such-program");
        }
        catch (Exception e) when (e is SkipException or FailException)
        {
            thrown = e;
        }

        Assert.NotNull(thrown);
        Assert.Contains("needs the program 'no-such-program'", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(Environment.GetEnvironmentVariable("FULCRUM_REQUIRE") == "all", thrown is FailException);
        Require.Kernel("nothing in particular", () => true);
    }

    [Fact]
    public void Tools_are_found_in_sbin_too() => Assert.EndsWith("/sh", Require.Tool("sh"), StringComparison.Ordinal);

    [Fact]
    public void A_failing_tool_shows_what_it_printed()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Tool.Run("sh", "-c", "echo why >&2; exit 3"));
        Assert.Contains("exit code 3", e.Message, StringComparison.Ordinal);
        Assert.Contains("why", e.Message, StringComparison.Ordinal);
        Assert.Equal("in", Tool.RunWithInput("cat", "in"));
    }

    [Fact]
    public void The_repository_is_found() => Assert.True(File.Exists(Repository.PathOf("Fulcrum.slnx")));
}
