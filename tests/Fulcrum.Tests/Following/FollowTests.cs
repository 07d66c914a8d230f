using System.Text;
using Fulcrum.TestKit;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Tests.Following;

/// <summary><c>fulcrum events</c> with a node whose stream the test writes.</summary>
public sealed class FollowTests
{
    private const string Stream = """
        retry: 2000

        id: 17-41
        event: configuration
        data: {"sequence":41,"at":"2031-03-01T02:59:00+00:00","type":"configuration","subject":"source/file","to":"applied","text":"by alice: 2 changed","bad":false}

        :

        event: gap
        data: {"missed":7}

        id: 17-49
        event: backend
        data: {"sequence":49,"at":"2031-03-01T02:59:58.25+00:00","type":"backend","subject":"backend/web/10.0.13.9:8080","from":"serving","to":"unhealthy","text":"http: status 503, expected 200..299 at http://10.0.13.9:8080/healthz, three times in a row","bad":true,"new-key":1}

        id: 17-50
        event: service
        data: {"sequence":50,"at":"2031-03-01T03:00:00+00:00","type":"service","subject":"service/old","from":"healthy","text":"\u001b[31mits source has it no more","bad":false}

        event: gap
        data: {}


        """;

    [Theory]
    [InlineData(80, false)]
    [InlineData(160, false)]
    [InlineData(null, true)]
    public async Task Each_event_is_a_line(int? width, bool isJson)
    {
        await using var node = await FakeNode.Start(_ => new Told(Stream, isEndless: true));
        var prompt = new Prompt { Width = width, Time = new ManualTimeProvider() };
        prompt.Variables["NO_COLOR"] = "1";
        string[] line = ["events", "--since", "all", .. isJson ? new[] { "-o", "json" } : []];
        var output = await FollowAsync(prompt, 5, [.. line, "--state", node.State]);
        Assert.Equal("", prompt.Errors);
        Assert.Equal(["GET /api/v1/events?after=0"], node.Asked);
        Golden.Matches($"{width ?? 160}/{string.Join(' ', line)}.txt", $"$ fulcrum {string.Join(' ', line)}\n{output}");
    }

    [Fact]
    public async Task On_a_terminal_what_is_bad_is_red()
    {
        await using var node = await FakeNode.Start(_ => new Told(Stream, isEndless: true));
        var prompt = new Prompt { Width = 160, Time = new ManualTimeProvider() };
        var output = await FollowAsync(prompt, 5, "events", "--state", node.State);
        Assert.Contains("\e[31mserving → unhealthy\e[0m", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[31mits", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_for_reaches_the_node()
    {
        await using var node = await FakeNode.Start(_ => new Told(Stream, isEndless: true));
        var prompt = new Prompt { Time = new ManualTimeProvider() };
        await FollowAsync(
            prompt,
            5,
            ["events", "--types", "backend,vip", "--subject", "backend/web/", "--since", "17-3", "--state", node.State]
        );
        Assert.Equal(["GET /api/v1/events?types=backend,vip&subject=backend/web/&after=17-3"], node.Asked);
    }

    [Fact]
    public async Task A_node_that_goes_away_is_waited_for_and_asked_for_what_came_after_the_last()
    {
        var last = new List<string?>();
        await using var node = await FakeNode.Start(request =>
        {
            last.Add(request.Headers["Last-Event-ID"]);
            return last.Count switch
            {
                1 => new Told(Stream, isEndless: false),
                2 => FakeNode.Refusal(503, "the node is stopping"),
                3 => new Told(Stream, isEndless: false),
                _ => FakeNode.Refusal(403, "follow-events wants a reader"),
            };
        });
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time };
        var typed = prompt.Type("events", "--state", node.State);
        await Wait.Until(
            () =>
            {
                // Pauses are at most two seconds here; silence would be noticed later.
                time.Advance(TimeSpan.FromSeconds(2));
                return typed.IsCompleted;
            },
            $"the command to end; it has said: {prompt.Errors}"
        );
        Assert.Equal(1, await typed);
        Assert.Equal([null, "17-50", "17-50", "17-50"], last);
        Assert.Equal(10, prompt.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(
            """
            No answer: it has ended the stream. Asking again until there is one.
            The node answers again.
            No answer: it has ended the stream. Asking again until there is one.
            Not done: follow-events wants a reader.

            """,
            prompt.Errors
        );
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_gone_and_what_nobody_knows_of_is_said()
    {
        await using var node = await FakeNode.Start(_ => new Told("retry: 2000\n\n", isEndless: true));
        var time = new ManualTimeProvider();
        using var enough = new CancellationTokenSource();
        var prompt = new Prompt { Time = time };
        var typed = prompt.Type(enough.Token, "events", "--state", node.State);
        await Wait.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return prompt.Errors.Contains("answers again", StringComparison.Ordinal) || typed.IsCompleted;
            },
            $"the second stream; the command has said: {prompt.Errors}"
        );
        await enough.CancelAsync();
        Assert.Equal(0, await Wait.For(typed, "the end"));
        Assert.StartsWith(
            "No answer: it has said nothing for 45 s. Asking again until there is one.\n"
                + "The node answers again. What happened meanwhile is not told.\n",
            prompt.Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(400, "there is no type 'sevice'", "Not done: there is no type 'sevice'.\n")]
    [InlineData(503, "4096 follow the events already", "Not done: 4096 follow the events already.\n")]
    public async Task What_the_node_refuses_at_once_is_a_mistake(int status, string title, string told)
    {
        await using var node = await FakeNode.Start(_ => FakeNode.Refusal(status, title));
        var prompt = new Prompt();
        Assert.Equal(1, await prompt.Type("events", "--types", "sevice", "--state", node.State));
        Assert.Equal(("", told), (prompt.Output, prompt.Errors));
    }

    [Theory]
    [InlineData("data: {\n\n")]
    [InlineData("data: 7\n\n")]
    [InlineData("event: gap\ndata: []\n\n")]
    [InlineData("data\nid\nevent\n:::\nnonsense: 1\n\n")]
    public async Task What_is_no_event_is_no_answer(string stream)
    {
        await using var node = await FakeNode.Start(_ => new Told(stream, isEndless: true));
        using var enough = new CancellationTokenSource();
        var prompt = new Prompt { Time = new ManualTimeProvider() };
        var typed = prompt.Type(enough.Token, "events", "--state", node.State);
        await Wait.Until(
            () => prompt.Errors.Contains("it answered something else", StringComparison.Ordinal),
            "the trouble"
        );
        await enough.CancelAsync();
        Assert.Equal(0, await Wait.For(typed, "the end"));
        Assert.Equal("", prompt.Output);
    }

    // Until so many lines are there; then somebody presses Ctrl-C.
    private static async Task<string> FollowAsync(Prompt prompt, int lines, params string[] arguments)
    {
        using var enough = new CancellationTokenSource();
        var typed = prompt.Type(enough.Token, arguments);
        await Wait.Until(
            () => prompt.Output.Count(letter => letter == '\n') >= lines || typed.IsCompleted,
            $"{lines} lines; there are: {prompt.Output}{prompt.Errors}"
        );
        await enough.CancelAsync();
        Assert.Equal(0, await Wait.For(typed, "the end"));
        return prompt.Output;
    }

    /// <summary>What the node says, and then nothing more or the end.</summary>
    private sealed class Told(string text, bool isEndless) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/event-stream";
            await httpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
            await httpContext.Response.Body.FlushAsync();
            if (isEndless)
            {
                var end = new TaskCompletionSource();
                await using var aborted = httpContext.RequestAborted.Register(end.SetResult);
                await end.Task;
            }
        }
    }
}
