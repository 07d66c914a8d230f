using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class RetryTests
{
    [Fact]
    public async Task Another_backend_is_tried_after_the_pause()
    {
        var pause = TimeSpan.FromMilliseconds(300);
        await using var harness = Harness(new Retry { Attempts = 2, Wait = pause });
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Dead(), Dead(), PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        for (var failures = 1; failures <= 2; failures++)
        {
            await Wait.Until(() => harness.Counters.ConnectFailures == failures, "a failure");
            await harness.AdvanceAsync(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(failures - 1, harness.Counters.Retries);
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            await Wait.Until(() => harness.Counters.Retries == failures, "another attempt");
        }
        using var server = await listener.AcceptOneAsync();
        await client.SendAllAsync("x"u8.ToArray());
        _ = await server.ReceiveExactlyAsync(1);
    }

    [Fact]
    public async Task Who_goes_away_in_the_pause_is_gone_and_so_is_who_waits_when_the_plane_stops()
    {
        await using var harness = Harness(new Retry { Attempts = 1, Wait = TimeSpan.FromSeconds(1) });
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Dead(), PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        await Wait.Until(() => harness.Counters.ConnectFailures == 1, "the failure");
        client.Abort();
        await harness.UntilActiveAsync(0);
        using var other = await Sockets.ConnectAsync(target);
        await Wait.Until(() => harness.Counters.ConnectFailures == 2, "the failure");
        await Wait.For(
            harness.Plane.DrainAsync(TimeSpan.FromHours(1), null, TestContext.Current.CancellationToken),
            "the end of all sessions"
        );
        await other.AssertResetAsync();
        Assert.Equal(0, harness.Counters.Retries);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Beyond_their_budget_retries_are_denied_on_all_loops(int loops)
    {
        await using var harness = Harness(
            new Retry
            {
                Attempts = 1,
                Budget = new() { Share = 0.1, Minimum = 0 },
            },
            loops
        );
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(Dead(), PlaneHarness.Backend(listener.LocalEndPoint!));
        for (var session = 1; session <= 40; session++)
        {
            using var client = await Sockets.TryConnectAsync(target);
            await Wait.Until(
                () => harness.Counters.Retries + harness.Counters.RetriesDenied == session,
                "a retry or a denial"
            );
        }
        Assert.Equal(4, harness.Counters.Retries);
        Assert.Equal(36, harness.Counters.RetriesDenied);
        Assert.Equal(40, harness.Counters.ConnectFailures);
    }

    [Fact]
    public async Task Where_nobody_else_is_nothing_is_denied_and_nobody_pauses()
    {
        await using var harness = Harness(
            new Retry
            {
                Attempts = 7,
                Wait = TimeSpan.FromHours(1),
                Budget = new() { Share = 0, Minimum = 0 },
            }
        );
        await Sockets.AssertTurnedAwayAsync(await harness.ServeTcpAsync(Dead()));
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.RetriesDenied);
    }

    [Fact]
    public async Task A_route_says_for_itself_how_often_and_how_soon_another_is_tried()
    {
        var pause = TimeSpan.FromMilliseconds(300);
        await using var harness = Harness(Retry.Never);
        using var listener = Sockets.Listen();
        var target = await ServeAsync(harness, new Retry { Attempts = 2, Wait = pause }, listener, dead: 2);
        using var client = await Sockets.ConnectAsync(target);
        for (var failures = 1; failures <= 2; failures++)
        {
            await Wait.Until(() => harness.Counters.ConnectFailures == failures, "a failure");
            await harness.AdvanceAsync(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(failures - 1, harness.Counters.Retries);
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            await Wait.Until(() => harness.Counters.Retries == failures, "another attempt");
        }
        using var server = await listener.AcceptOneAsync();
        await client.SendAllAsync("x"u8.ToArray());
        _ = await server.ReceiveExactlyAsync(1);
    }

    [Fact]
    public async Task A_route_may_be_content_with_one_attempt()
    {
        await using var harness = Harness(new Retry { Attempts = 7 });
        using var listener = Sockets.Listen();
        foreach (
            var never in new[]
            {
                new Retry { Attempts = 0 },
                new Retry { Attempts = 7, On = [] },
            }
        )
        {
            await Sockets.AssertTurnedAwayAsync(await ServeAsync(harness, never, listener, dead: 1));
        }
        await harness.UntilActiveAsync(0);
        Assert.Equal((2, 0), (harness.Counters.ConnectFailures, harness.Counters.Retries));
    }

    [Fact]
    public async Task The_budget_is_the_upstreams_whatever_the_route_says()
    {
        await using var harness = Harness(
            new Retry
            {
                Attempts = 0,
                Budget = new() { Share = 0, Minimum = 0 },
            }
        );
        using var listener = Sockets.Listen();
        await Sockets.AssertTurnedAwayAsync(await ServeAsync(harness, new Retry { Attempts = 1 }, listener, dead: 1));
        await harness.UntilActiveAsync(0);
        Assert.Equal((0, 1), (harness.Counters.Retries, harness.Counters.RetriesDenied));
    }

    /// <summary>A route to an upstream whose first backends are dead.</summary>
    private static Task<IPEndPoint> ServeAsync(PlaneHarness harness, Retry retry, Socket backend, int dead) =>
        harness.ServeRoutesAsync(
            [PlaneHarness.Route(0) with { Retry = retry }],
            harness.Destination(
                "u",
                [.. Enumerable.Range(0, dead).Select(_ => Dead()), PlaneHarness.Backend(backend.LocalEndPoint!)]
            )
        );

    /// <summary>Whoever comes goes to the first backend first.</summary>
    private static PlaneHarness Harness(Retry retry, int loops = PlaneHarness.Loops) =>
        new(new ManualTimeProvider(), loops: loops)
        {
            Retry = retry,
            Balance = new Balance { Algorithm = BalanceAlgorithm.First },
        };

    private static PlaneBackend Dead() =>
        PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
}
