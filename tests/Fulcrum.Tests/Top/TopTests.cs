using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.Top;

namespace Fulcrum.Tests.Top;

public sealed class TopTests
{
    [Fact]
    public async Task Programs_get_a_line_for_each_sample()
    {
        await using var node = await SampleNode.Start();
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time };
        using var enough = new CancellationTokenSource();
        var typed = prompt.Type(enough.Token, "top", "-o", "json", "--every", "2s", "--state", node.State);
        await Wait.Until(
            () =>
            {
                if (time.UntilNextTimer == TimeSpan.FromSeconds(2))
                {
                    time.Advance(TimeSpan.FromSeconds(2));
                }

                return prompt.Output.Count(letter => letter == '\n') >= 3;
            },
            "three samples"
        );
        await enough.CancelAsync();
        Assert.Equal(0, await typed);
        var lines = prompt.Output.Split('\n').Take(3).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Null(lines[0]["interval-seconds"]);
        Assert.Null(lines[0]["services"]![3]!["sessions-per-second"]);
        Assert.Equal(2, (double)lines[1]["interval-seconds"]!);
        Assert.Equal("shop", (string?)lines[1]["services"]![3]!["name"]);
        // 531 more of 5,310,442 in two seconds, and none after that.
        Assert.Equal(265.5, (double)lines[1]["services"]![3]!["sessions-per-second"]!);
        Assert.Equal(0, (double)lines[2]["services"]![3]!["sessions-per-second"]!);
    }

    [Fact]
    public async Task Without_a_terminal_it_says_what_to_do()
    {
        var prompt = new Prompt();
        Assert.Equal(2, await prompt.Type("top", "--state", "/nonexistent"));
        Assert.Contains("--once", prompt.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Trends_go_with_what_they_are_of_and_hold_a_minute()
    {
        var model = new TopModel(isOfBackends: false);
        for (var i = 0; i < 100; i++)
        {
            model.Add([Service("a", i * 3), Service("b", i)], i);
        }

        Assert.Equal(60, model.Rows[0].Trend.Count);
        Assert.All(model.Rows[0].Trend, value => Assert.Equal(3, value));
        Assert.Equal(["a", "b"], model.Sorted(TopSort.Sessions, isReversed: false).Select(row => row.Name));
        Assert.Equal(["b", "a"], model.Sorted(TopSort.Sessions, isReversed: true).Select(row => row.Name));

        model.Add([Service("b", 0)], 100);
        model.Add([Service("a", 300), Service("b", 0)], 101);
        Assert.Empty(model.Rows[0].Trend);
        Assert.Null(model.Rows[0].Rates);
    }

    private static JsonNode Service(string name, long total)
    {
        var service = Samples.Services[0];
        return System.Text.Json.JsonSerializer.SerializeToNode(
            service with
            {
                Name = name,
                Counters = service.Counters with { Total = total },
            },
            Api.ApiJson.Default.ServiceDocument
        )!;
    }
}
