using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Api.Access.Limits;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.Access;

public sealed class RateLimiterTests : AccessTest
{
    [Fact]
    public void So_many_at_once_and_then_so_many_a_second()
    {
        var limits = new RateLimiter(Time);
        Assert.Equal(4, Taken(limits, "alice"));
        Assert.Equal(TimeSpan.FromSeconds(0.5), limits.Take("alice", 2, 4));
        Assert.Equal(4, Taken(limits, "bob"));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Taken(limits, "alice"));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, Taken(limits, "alice"));
        Assert.Equal(5, limits.Refused);
    }

    [Fact]
    public void Whoever_was_not_heard_of_for_longest_makes_room()
    {
        var limits = new RateLimiter(Time, 2);
        Assert.Equal(4, Taken(limits, "alice"));
        Assert.Equal(4, Taken(limits, "bob"));
        Assert.NotNull(limits.Take("alice", 2, 4));
        Assert.Equal(4, Taken(limits, "carol"));
        Assert.Equal(1, limits.Forgotten);
        // Alice asked after bob did.
        Assert.NotNull(limits.Take("alice", 2, 4));
        Assert.Null(limits.Take("bob", 2, 4));
        Assert.Equal(2, limits.Forgotten);
    }

    /// <summary>In any span of time nobody gets more than what is allowed at once and what the span brings.</summary>
    [Fact]
    public void Nobody_gets_more_than_the_limit() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new Random(seed);
                var time = new ManualTimeProvider();
                var limits = new RateLimiter(time);
                var (rate, burst) = (random.Next(1, 20), random.Next(1, 20));
                var taken = 0;
                for (var i = 0; i < 200; i++)
                {
                    var mayBe = limits.Take("alice", rate, burst);
                    taken += mayBe is null ? 1 : 0;
                    Assert.True(taken <= burst + (rate * time.Elapsed.TotalSeconds) + 1e-6);
                    if (mayBe is { } wait)
                    {
                        // Whoever waits as long as they were told gets what they want.
                        time.Advance(wait + TimeSpan.FromMicroseconds(1));
                        Assert.Null(limits.Take("alice", rate, burst));
                        taken++;
                    }

                    time.Advance(TimeSpan.FromMilliseconds(random.Next(100)));
                }
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_caller_who_asks_too_often_waits_and_others_do_not()
    {
        var (alice, bob) = (Token("alice", AccessRole.Reader), Token("bob", AccessRole.Reader));
        await using var server = await StartAsync(Open() with { Rate = 2 });
        using var first = Client(server, alice);
        using var second = Client(server, bob);
        using var nobody = Client(server);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(first));
        }

        using var refused = await first.GetAsync("/api/v1/status");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("too many requests", await BodyOf(refused), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(second));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(nobody));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(first));
    }

    [Fact]
    public async Task Bad_tokens_are_tried_ten_times_and_do_not_shut_out_good_ones()
    {
        var alice = Token("alice", AccessRole.Reader);
        await using var server = await StartAsync(Open());
        using var bad = Client(server, "letmein");
        using var good = Client(server, alice);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(bad));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(bad));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(good));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(bad));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(bad));
    }

    [Fact]
    public async Task Root_at_the_socket_never_waits()
    {
        await using var server = await StartAsync(Open() with { Rate = 1 });
        using var http = Client();
        for (var i = 0; i < 50; i++)
        {
            using var answer = await http.GetAsync(new Uri("http://fulcrum/api/v1/status"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static int Taken(RateLimiter limits, string caller)
    {
        var count = 0;
        while (limits.Take(caller, 2, 4) is null)
        {
            count++;
        }

        return count;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/api/v1/status");
        return answer.StatusCode;
    }
}
