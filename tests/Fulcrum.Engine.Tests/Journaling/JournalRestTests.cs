using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>The journal rests while another process may have the directory.</summary>
public sealed class JournalRestTests
{
    private readonly MemoryJournalDisk _disk = new();

    [Fact]
    public async Task What_was_taken_is_durable_when_it_rests_and_nothing_is_taken_then()
    {
        await using var journal = await OpenAsync();
        var flush = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "flush" ? flush.Task : Task.CompletedTask;
        var taken = journal.AppendAsync([new("a", "1")]);
        var rest = journal.SuspendAsync();
        Assert.False(rest.IsCompleted);
        var refused = await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync([new("b", "2")]));
        Assert.Contains("takes this one's place", refused.Message, StringComparison.Ordinal);
        flush.SetResult();
        await taken;
        await rest;
        var writes = _disk.Flushes;
        await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync([new("b", "2")]));
        Assert.Equal(writes, _disk.Flushes);
        await using var other = await OpenAsync();
        Assert.Equal("1", other.Entries["a"]);
        Assert.Null(other.Entries["b"]);
    }

    [Fact]
    public async Task What_the_other_process_wrote_counts_no_more_when_this_one_goes_on()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync([new("a", "1")]);
        await journal.SuspendAsync();
        await using (var other = await OpenAsync())
        {
            await other.AppendAsync([new("a", "other"), new("b", "other")]);
        }

        await journal.ResumeAsync();
        Assert.Equal("1", journal.Entries["a"]);
        await journal.AppendAsync([new("c", "3")]);
        await journal.DisposeAsync();
        await using var again = await OpenAsync();
        Assert.Equal(["a", "c"], again.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("1", again.Entries["a"]);
    }

    [Fact]
    public async Task A_disk_that_fails_meanwhile_costs_only_time()
    {
        await using var journal = await OpenAsync();
        await journal.SuspendAsync();
        _disk.Before = (_, _) => throw new IOException("gone");
        await journal.ResumeAsync();
        await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync([new("a", "1")]));
        _disk.Before = (_, _) => Task.CompletedTask;
        await journal.AppendAsync([new("a", "1")]);
        Assert.Equal("1", journal.Entries["a"]);
    }

    [Fact]
    public async Task A_disk_that_hangs_keeps_nobody_who_gives_the_rest_up()
    {
        await using var journal = await OpenAsync();
        var flush = new TaskCompletionSource();
        _disk.Before = (operation, _) => operation == "flush" ? flush.Task : Task.CompletedTask;
        var taken = journal.AppendAsync([new("a", "1")]);
        var rest = journal.SuspendAsync();
        await journal.ResumeAsync();
        flush.SetResult();
        await taken;
        await rest;
        await journal.AppendAsync([new("b", "2")]);
        Assert.Equal("2", journal.Entries["b"]);
    }

    private Task<Journal> OpenAsync() => Journal.OpenAsync(_disk, new(), CancellationToken.None);
}
