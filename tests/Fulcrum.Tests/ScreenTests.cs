namespace Fulcrum.Tests;

/// <summary>What people see of a node, on terminals of 80 and of 160 columns: <c>Screens/</c> holds each.</summary>
public sealed class ScreenTests
{
    public static TheoryData<string> Commands =>
        [
            "status",
            "get services",
            "get services -o wide",
            "get upstreams",
            "get backends",
            "get backends -o wide",
            "get checks",
            "get certificates",
            "get certificates -o wide",
            "get certificate old.pem",
            "get certificate api.example.com -o json",
            "get vips",
            "get announcements",
            "get peers",
            "get overrides",
            "get sources",
            "get planes",
            "get sessions",
            "get sessions -o wide",
            "get sessions --service mail",
            "get session 0-1",
            "get service shop",
            "get backend web/10.0.13.2",
            "get check web/10.0.13.9:8080/http",
            "get check resolvers",
            "get backend web -o name",
            "get backend mail/10.0.14.1:25 -o yaml",
            "get vips -o json",
            "top --once",
            "top backends --once",
            "explain service/shop",
            "--help",
            "get --help",
            "events --help",
            "drain --help",
        ];

    public static TheoryData<string> Mistakes =>
        [
            "get backend webb",
            "get backend we",
            "get s",
            "get bakends",
            "get peers --verdict healthy",
            "get services --client 192.0.2.7",
            "get sessions 7-7-7",
            "get services --limit 0",
            "statsu",
            "status --stat",
            "drain",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_screen_is_as_somebody_has_approved_it(string line)
    {
        foreach (var width in new[] { 80, 160 })
        {
            await using var node = await SampleNode.Start();
            var prompt = new Prompt { Width = width };
            prompt.Variables["NO_COLOR"] = "1";
            var exit = await prompt.Type(
                line.EndsWith("--help", StringComparison.Ordinal)
                    ? line.Split(' ')
                    : [.. line.Split(' '), "--state", node.State]
            );
            Assert.Equal("", prompt.Errors);
            Assert.Equal(line == "status" ? 1 : 0, exit);
            Assert.All(
                prompt.Output.Split('\n'),
                shown => Assert.InRange(Fulcrum.Output.CellWidth.Of(shown), 0, Bound(line, width))
            );
            Golden.Matches($"{width}/{line.Replace('/', '+')}.txt", $"$ fulcrum {line}\n{prompt.Output}");
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Every_mistake_is_told_with_what_to_do(string line)
    {
        await using var node = await SampleNode.Start();
        var prompt = new Prompt { Width = 80 };
        var exit = await prompt.Type([.. line.Split(' '), "--state", node.State]);
        Assert.Equal("", prompt.Output);
        Golden.Matches($"mistakes/{line}.txt", $"$ fulcrum {line}\n{prompt.Errors}[exit code {exit}]\n");
    }

    // Data is not fitted to anything.
    private static int Bound(string line, int width) => line.Contains("-o ", StringComparison.Ordinal) ? 1000 : width;
}
