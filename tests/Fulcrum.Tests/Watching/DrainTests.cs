using System.Text.Json;
using Fulcrum.Api;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Objects;
using Fulcrum.TestKit;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Tests.Watching;

public sealed class DrainTests
{
    [Theory]
    [InlineData("backend/web/10.0.13.1:8080", 702, "?upstream=web&limit=10000")]
    [InlineData("host/10.0.13.2", 3, "?limit=10000")]
    [InlineData("upstream/web", 1312, "?upstream=web&limit=10000")]
    [InlineData("service/shop", 1312, "?service=shop&limit=10000")]
    [InlineData("node/lb1", 1312, "?limit=10000")]
    public async Task Waiting_counts_the_sessions_that_are_left(string target, int left, string query)
    {
        await using var node = await FakeNode.Start(request => Answer(request, target, Samples.Backends));
        var prompt = new Prompt();
        Assert.Equal(1, await prompt.Type("drain", target, "--wait", "--timeout", "1ms", "--state", node.State));
        Assert.Equal($"{target}: {left} sessions are left after 1ms; the drain goes on.\n", prompt.Errors);
        Assert.Equal("GET /api/v1/backends" + query, node.Asked.Last());
    }

    [Fact]
    public async Task It_comes_back_when_nobody_is_left_and_says_meanwhile_who_is()
    {
        var left = 3;
        await using var node = await FakeNode.Start(request =>
            Answer(
                request,
                "host/10.0.13.2",
                [.. Samples.Backends.Select(one => one with { Counters = one.Counters with { Active = left } })]
            )
        );
        var time = new ManualTimeProvider();
        var prompt = new Prompt { Time = time, Width = 80 };
        var typed = prompt.Type("drain", "host/10.0.13.2", "--wait", "--state", node.State);
        await Wait.Until(
            () =>
            {
                if (time.UntilNextTimer is { } pause)
                {
                    time.Advance(pause);
                    left = prompt.Errors.Contains("3 sessions left", StringComparison.Ordinal) ? 0 : left;
                }

                return typed.IsCompleted;
            },
            $"the drain to end; it has said: {prompt.Output}{prompt.Errors}"
        );
        Assert.Equal(0, await typed);
        Assert.EndsWith("host/10.0.13.2: drained, no session is left.\n", prompt.Output, StringComparison.Ordinal);
        Assert.Contains("\rDraining host/10.0.13.2: 3 sessions left (", prompt.Errors, StringComparison.Ordinal);
        // The line is gone.
        Assert.EndsWith("\r\e[K", prompt.Errors, StringComparison.Ordinal);
    }

    private static IResult Answer(HttpRequest request, string target, IReadOnlyList<BackendDocument> backends) =>
        request.Method == "PUT"
            ? FakeNode.Json(
                JsonSerializer.Serialize(
                    Samples.Overrides[0] with
                    {
                        Target = target,
                    },
                    ApiJson.Default.OverrideDocument
                )
            )
            : FakeNode.Json(
                JsonSerializer.Serialize(
                    new ListDocument<BackendDocument>
                    {
                        Items =
                        [
                            .. backends.Where(one =>
                                (string?)request.Query["upstream"] is not { } upstream || one.Upstream == upstream
                            ),
                        ],
                        More = 0,
                    },
                    ApiJson.Default.ListDocumentBackendDocument
                )
            );
}
