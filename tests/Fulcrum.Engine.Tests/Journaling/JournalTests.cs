using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

public sealed class JournalTests
{
    private readonly MemoryJournalDisk _disk = new();

    [Fact]
    public async Task A_new_journal_is_empty()
    {
        await using var journal = await OpenAsync();
        Assert.Empty(journal.Entries);
        Assert.Equal("0 entries from no snapshot and 0 commits after it", journal.Recovery.ToString());
        Assert.Equal(["journal-1"], _disk.Names);
    }

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart()
    {
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync([new("a", "1"), new("b", "2")]);
            await journal.AppendAsync([new("b", null), new("c", "3"), new("c", "4")]);
            Assert.Equal([("a", "1"), ("c", "4")], Pairs(journal));
        }

        await using var again = await OpenAsync();
        Assert.Equal([("a", "1"), ("c", "4")], Pairs(again));
        Assert.Equal("2 entries from journal-1 and 2 commits after it", again.Recovery.ToString());
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_it_is_durable()
    {
        await using var journal = await OpenAsync();
        var flushed = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "flush" ? flushed.Task : Task.CompletedTask;
        var append = journal.AppendAsync([new("a", "1")]);
        Assert.False(append.IsCompleted);
        Assert.Empty(journal.Entries);
        Assert.Empty((await Reopened.CheckAsync(_disk.Crash(0))).Entries);
        flushed.SetResult();
        await append;
        Assert.Equal("1", (await Reopened.CheckAsync(_disk.Crash(0))).Entries["a"]);
    }

    [Fact]
    public async Task Batches_that_come_together_share_a_flush()
    {
        await using var journal = await OpenAsync();
        var first = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "append" ? first.Task : Task.CompletedTask;
        var before = _disk.Flushes;
        var appends = Enumerable.Range(0, 100).Select(i => journal.AppendAsync([new($"key {i}", "x")])).ToList();
        Assert.Equal(99, journal.Status.Waiting);
        first.SetResult();
        await Task.WhenAll(appends);
        Assert.Equal(2, _disk.Flushes - before);
        Assert.Equal(100, journal.Entries.Count);
        Assert.Equal(
            new JournalStatus(journal.Status.LiveBytes, _disk["journal-1"].Length, 100, 2, 0, 0, 0, null),
            journal.Status
        );
        Assert.Equal(100, (await Reopened.CheckAsync(_disk.Crash(0))).Entries.Count);
    }

    [Fact]
    public async Task Who_comes_to_a_full_queue_waits_for_a_place()
    {
        await using var journal = await OpenAsync(new() { QueueLength = 3 });
        var first = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "append" ? first.Task : Task.CompletedTask;
        var appends = Enumerable.Range(0, 10).Select(i => journal.AppendAsync([new("key", $"{i}")])).ToList();
        Assert.Equal(3, journal.Status.Waiting);
        first.SetResult();
        await Task.WhenAll(appends);
        Assert.Equal("9", journal.Entries["key"]);
    }

    [Fact]
    public async Task Closing_answers_what_was_taken_and_refuses_what_comes()
    {
        var journal = await OpenAsync();
        var first = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "append" ? first.Task : Task.CompletedTask;
        var appends = Enumerable.Range(0, 3).Select(i => journal.AppendAsync([new($"key {i}", "x")])).ToList();
        var closing = journal.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AppendAsync([new("late", "x")]));
        Assert.False(closing.IsCompleted);
        first.SetResult();
        await closing;
        await Task.WhenAll(appends);
        Assert.Equal(3, (await Reopened.CheckAsync(_disk.Crash(0))).Entries.Count);
    }

    [Fact]
    public async Task An_answer_may_bring_the_next_question()
    {
        await using var journal = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(CountAsync));
        Assert.All(journal.Entries.Values, value => Assert.Equal("49", value));
        Assert.Equal(20, journal.Entries.Count);

        async Task CountAsync(int caller)
        {
            for (var i = 0; i < 50; i++)
            {
                await journal.AppendAsync([new($"caller {caller}", $"{i}")]);
            }
        }
    }

    [Fact]
    public async Task Text_that_would_not_come_back_is_refused()
    {
        await using var journal = await OpenAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.AppendAsync([new("a", "1"), new("b", "\uDC00")]));
        Assert.Empty(journal.Entries);
    }

    [Fact]
    public async Task More_than_the_bound_is_refused_and_removing_makes_room()
    {
        await using var journal = await OpenAsync(new() { MaxLiveBytes = 100 });
        await journal.AppendAsync([new("a", new('x', 60))]);
        var refusal = await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync([new("b", new('x', 60))]));
        Assert.Equal(JournalFailure.Full, refusal.Failure);
        Assert.Equal("the journal would hold 138 bytes, and its bound is 100; remove something first", refusal.Message);
        await journal.AppendAsync([new("b", new('x', 20))]);
        await journal.AppendAsync([new("a", null), new("c", new('x', 60))]);
        Assert.Equal(JournalFailure.Full, (await Huge()).Failure);
        Assert.Equal(["b", "c"], journal.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new(98, _disk["journal-1"].Length, 3, 3, 0, 0, 0, null), journal.Status);

        Task<JournalException> Huge() =>
            Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync([new("d", new('x', 200)), new("d", null)]));
    }

    [Fact]
    public async Task A_lowered_bound_refuses_growth_alone()
    {
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync([new("a", new('x', 60)), new("b", new('x', 60))]);
        }

        await using var small = await OpenAsync(new() { MaxLiveBytes = 100 });
        Assert.Equal(2, small.Entries.Count);
        await small.AppendAsync([new("a", new('y', 60))]);
        await Assert.ThrowsAsync<JournalException>(() => small.AppendAsync([new("c", "x")]));
        await small.AppendAsync([new("b", null)]);
        await small.AppendAsync([new("c", "x")]);
    }

    [Fact]
    public async Task Opening_can_be_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            _disk["journal-1"] = [];
            await Journal.OpenAsync(_disk, new(), new CancellationToken(canceled: true));
        });

    private Task<Journal> OpenAsync(JournalOptions? options = null) =>
        Journal.OpenAsync(_disk, options ?? new(), CancellationToken.None);

    private static IEnumerable<(string, string)> Pairs(Journal journal) =>
        journal.Entries.Select(entry => (entry.Key, entry.Value)).Order();
}
