using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.Watching;

namespace Fulcrum.Tests.Watching;

public sealed class WatchTests
{
    [Fact]
    public void Pauses_grow_while_there_is_no_answer()
    {
        var pace = new Pace(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0.2, pace.Next.TotalSeconds);
        var pauses = Enumerable
            .Range(1, 8)
            .Select(times =>
            {
                pace.Failed(times);
                return pace.Next.TotalSeconds;
            });
        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], pauses);
        pace.Succeeded();
        Assert.Equal(0.2, pace.Next.TotalSeconds);

        var slow = new Pace(TimeSpan.FromMinutes(5));
        slow.Failed(1);
        Assert.Equal(TimeSpan.FromMinutes(5), slow.Next);
    }

    [Fact]
    public async Task Where_nobody_sees_it_changes_are_told_a_line_each()
    {
        var turn = 0;
        var turns = new[]
        {
            Peers(("a", 1), ("b", 2)),
            Peers(("a", 1), ("b", 2)),
            Peers(("a", 1), ("b", 3)),
            Peers(("b", 3)),
        };
        using var enough = new CancellationTokenSource();
        await using var node = await FakeNode.Start(_ =>
        {
            if (turn == turns.Length)
            {
                enough.Cancel();
            }

            return FakeNode.Json(turns[Math.Min(turn++, turns.Length - 1)]);
        });
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time };
        var exit = await Watch(
            prompt,
            time,
            prompt.Type(enough.Token, "get", "peers", "--watch", "--every", "100ms", "--state", node.State)
        );
        Assert.Equal((0, ""), (exit, prompt.Errors));
        Assert.Equal(
            """
            NAME  ADDRESS    AS  LOCAL AS  SOURCE
            a     192.0.2.1   1         9  the API
            b     192.0.2.1   2         9  the API
            b     192.0.2.1   3         9  the API
            a  gone

            """,
            prompt.Output
        );
    }

    [Theory]
    [InlineData("json", "{\"name\":\"a\",")]
    [InlineData("yaml", "---\nname: a\n")]
    [InlineData("name", "peer/a\n")]
    public async Task Programs_get_what_changes_in_their_form(string format, string first)
    {
        using var enough = new CancellationTokenSource();
        var asked = 0;
        await using var node = await FakeNode.Start(_ =>
        {
            if (++asked == 3)
            {
                enough.Cancel();
            }

            return FakeNode.Json(asked == 1 ? Peers(("a", 1)) : Peers());
        });
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time, Width = 80 };
        await Watch(prompt, time, prompt.Type(enough.Token, "get", "peers", "-w", "-o", format, "--state", node.State));
        Assert.StartsWith(first, prompt.Output, StringComparison.Ordinal);
        Assert.Equal(format != "name", prompt.Output.Contains("gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_goes_away_is_waited_for_and_said_so_once()
    {
        using var enough = new CancellationTokenSource();
        var asked = 0;
        await using var node = await FakeNode.Start(_ =>
        {
            asked++;
            if (asked == 5)
            {
                enough.Cancel();
            }

            return asked is 2 or 3 ? FakeNode.Refusal(503, "the node is stopping") : FakeNode.Json(Peers(("a", 1)));
        });
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time };
        Assert.Equal(
            0,
            await Watch(prompt, time, prompt.Type(enough.Token, "get", "peers", "-w", "--state", node.State))
        );
        Assert.Equal(
            "No answer: the node is stopping. Asking again until there is one.\nThe node answers again.\n",
            prompt.Errors
        );
    }

    [Fact]
    public async Task What_the_node_refuses_at_once_is_a_mistake()
    {
        await using var node = await SampleNode.Start();
        var prompt = new Prompt { Width = 80 };
        Assert.Equal(1, await prompt.Type("get", "vip", "none", "-w", "--state", node.State));
        Assert.StartsWith("There is no", prompt.Errors, StringComparison.Ordinal);
        // The terminal is as it was.
        Assert.EndsWith("\e[?25h", prompt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_each_frame_takes_the_place_of_the_one_before()
    {
        using var enough = new CancellationTokenSource();
        var asked = 0;
        await using var node = await FakeNode.Start(_ =>
        {
            if (++asked == 3)
            {
                enough.Cancel();
            }

            return FakeNode.Json(Peers(("a", 1), ("b", asked)));
        });
        var time = new ManualTimeProvider();
        var prompt = new Prompt
        {
            Time = time,
            Width = 60,
            Rows = 4,
        };
        await Watch(prompt, time, prompt.Type(enough.Token, "get", "peers", "-w", "--state", node.State));
        var frames = prompt.Output.Split("\e[H");
        Assert.Equal("\e[?25l\e[2J", frames[0]);
        Assert.True(frames.Length >= 3);
        // Four rows: what is watched, the titles, one line for two that do not fit, and the last row stays empty.
        Assert.Equal(4, frames[1].Split("\r\n").Length);
        Assert.Contains("… and 2 more", frames[1], StringComparison.Ordinal);
        Assert.EndsWith("\e[K\r\n\e[J", frames[1], StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h", prompt.Output, StringComparison.Ordinal);
    }

    // Time goes on whenever the command waits for it.
    private static async Task<int> Watch(Prompt prompt, ManualTimeProvider time, Task<int> typed)
    {
        await Wait.Until(
            () =>
            {
                if (time.UntilNextTimer is { } pause)
                {
                    time.Advance(pause);
                }

                return typed.IsCompleted;
            },
            $"the command to end; it has printed: {prompt.Output}{prompt.Errors}"
        );
        return await typed;
    }

    private static string Peers(params (string Name, int As)[] peers) =>
        new JsonObject
        {
            ["items"] = new JsonArray([
                .. peers.Select(peer => new JsonObject
                {
                    ["name"] = peer.Name,
                    ["source"] = "the API",
                    ["labels"] = new JsonObject(),
                    ["address"] = "192.0.2.1",
                    ["as"] = peer.As,
                    ["local-as"] = 9,
                }),
            ]),
            ["more"] = 0,
        }.ToJsonString();
}
