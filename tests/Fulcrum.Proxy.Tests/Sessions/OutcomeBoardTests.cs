using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Sessions;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Sessions;

public sealed class OutcomeBoardTests
{
    private static readonly SuccessRate Rule = new() { Below = 0.8, Requests = 10 };

    [Theory]
    [InlineData(9, 9, null)]
    [InlineData(10, 2, null)]
    [InlineData(10, 3, "70% of 10 connections in 10s succeeded, at least 80% must")]
    [InlineData(1000, 201, "79% of 1000 connections in 10s succeeded, at least 80% must")]
    [InlineData(10, 12, "0% of 10 connections in 10s succeeded, at least 80% must")]
    public void The_share_is_that_of_all_loops(int connections, int failures, string? told)
    {
        var board = new OutcomeBoard(3);
        for (var i = 0; i < connections; i++)
        {
            Count(board, i % 3, 5000, failed: i < failures);
        }

        board[2].Count(5, 0, (uint)Math.Max(0, failures - connections));
        Assert.Equal(told, board.Judge(Rule, 5000));
    }

    [Fact]
    public void What_is_older_than_the_window_does_not_count()
    {
        var board = new OutcomeBoard(1);
        for (var i = 0; i < 10; i++)
        {
            Count(board, 0, 500, failed: true);
        }

        Assert.Null(board.Judge(Rule, 10_000));
        Assert.NotNull(board.Judge(Rule, 9_999));
    }

    [Fact]
    public void What_has_been_told_does_not_count_again()
    {
        var board = new OutcomeBoard(2);
        for (var round = 0; round < 3; round++)
        {
            var now = 1000 + (round * 2000);
            for (var i = 0; i < 9; i++)
            {
                Count(board, i % 2, now, failed: true);
                Assert.Null(board.Judge(Rule, now));
            }

            Count(board, 0, now, failed: true);
            Assert.NotNull(board.Judge(Rule, now));
            Assert.Null(board.Judge(Rule, now));
        }

        for (var i = 0; i < 10; i++)
        {
            Count(board, 0, 8000, failed: true);
        }

        board.Settle(8000);
        Assert.Null(board.Judge(Rule, 8000));
    }

    [Fact]
    public void A_slice_that_is_full_keeps_its_share()
    {
        var cell = new OutcomeCell();
        for (var i = 0; i < 3_000_000; i++)
        {
            cell.Count(7, 1, i % 4 == 0 ? 1u : 0);
        }

        var (connections, failures) = (0L, 0L);
        cell.AddTo(ref connections, ref failures, 7, 7);
        Assert.InRange(connections, 500_000, 1 << 20);
        Assert.InRange((double)failures / connections, 0.2499, 0.2501);
    }

    [Fact]
    public void It_counts_as_one_would_by_hand()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 300; run++)
        {
            var rule = new SuccessRate
            {
                Below = random.NextDouble(),
                Requests = random.Next(1, 40),
                Window = TimeSpan.FromSeconds(random.Next(1, 20)),
            };
            var slice = (long)rule.Window.TotalMilliseconds / OutcomeCell.Slices;
            var board = new OutcomeBoard(3);
            var events = new List<(long Slice, bool Failed)>();
            var (now, told) = (random.NextInt64(1L << 40), -1L);
            for (var step = 0; step < 200; step++)
            {
                now +=
                    random.Next(10) == 0 ? random.NextInt64(2 * (long)rule.Window.TotalMilliseconds) : random.Next(50);
                var failed = random.Next(3) == 0;
                board[random.Next(3)].Count(OutcomeBoard.SliceAt(rule, now), 1, failed ? 1u : 0);
                events.Add((now / slice, failed));
                var counted = events
                    .Where(one => one.Slice > Math.Max(now / slice - OutcomeCell.Slices, told))
                    .ToList();
                var succeeded = counted.Count(one => !one.Failed);
                var isTold = counted.Count >= rule.Requests && succeeded < rule.Below * counted.Count;
                Assert.Equal(isTold, board.Judge(rule, now) is not null);
                told = isTold ? now / slice : told;
            }
        }
    }

    [Fact]
    public void Counting_and_judging_at_the_same_time_loses_nothing_and_tells_once()
    {
        const int Each = 50_000;
        var board = new OutcomeBoard(2);
        var rule = new SuccessRate { Below = 0.5, Requests = 2 * Each };
        var told = 0;
        Parallel.For(
            0,
            2,
            loop =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Count(board, loop, 3000, failed: true);
                    if (board.Judge(rule, 3000) is { } what)
                    {
                        Interlocked.Increment(ref told);
                        Assert.StartsWith($"0% of {2 * Each} connections", what, StringComparison.Ordinal);
                    }
                }
            }
        );
        Assert.Equal(1, told);
    }

    private static void Count(OutcomeBoard board, int loop, long now, bool failed) =>
        board[loop].Count(OutcomeBoard.SliceAt(Rule, now), 1, failed ? 1u : 0);
}
