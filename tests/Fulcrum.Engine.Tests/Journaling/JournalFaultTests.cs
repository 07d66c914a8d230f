using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>A disk that refuses: what could not be made durable was not made, and the next attempt is a new one.</summary>
public sealed class JournalFaultTests
{
    private readonly Written _written = new();

    private MemoryJournalDisk Disk => _written.Disk;

    [Fact]
    public async Task A_full_disk_refuses_and_room_helps()
    {
        await _written.WriteAsync(5, new());
        await using (var journal = await OpenAsync())
        {
            var before = Disk[_written.Newest];
            for (var room = 0; room < 60; room++)
            {
                Disk.Capacity = Disk.Size + room;
                var error = await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(6)));
                Assert.Equal(JournalFailure.Disk, error.Failure);
                Assert.Equal(
                    "the change could not be made durable, so it was not made: No space left on device; "
                        + "see whether the disk of the state directory is full, read-only or failing, then try again",
                    error.Message
                );
                Assert.Equal(_written.States[5], journal.Entries);
                Assert.Equal(before, Disk[_written.Newest]);
                Assert.Equal(0, Disk.Unsynced);
                Assert.Equal(_written.States[5], (await Reopened.CheckAsync(Disk.Crash(int.MaxValue))).Entries);
                Assert.Equal((room + 1, "No space left on device"), (journal.Status.Failures, journal.Status.Problem));
            }

            Disk.Capacity = long.MaxValue;
            await journal.AppendAsync(Written.Batch(6));
            Assert.Equal(_written.After(5), journal.Entries);
            Assert.Null(journal.Status.Problem);
        }

        Assert.Equal(_written.After(5), (await Reopened.CheckAsync(Disk.Crash(0))).Entries);
    }

    [Fact]
    public async Task All_batches_of_a_commit_that_fails_are_refused()
    {
        await using var journal = await OpenAsync();
        var first = new TaskCompletionSource();
        Disk.Before = (operation, _) => operation == "append" ? first.Task : Task.CompletedTask;
        var appends = Enumerable.Range(0, 4).Select(i => journal.AppendAsync([new($"key {i}", "x")])).ToList();
        Disk.Before = (operation, _) =>
        {
            Disk.FailNextAppend(30);
            return Task.CompletedTask;
        };
        first.SetResult();
        await appends[0];
        foreach (var append in appends[1..])
        {
            await Assert.ThrowsAsync<JournalException>(() => append);
        }

        Assert.Equal(["key 0"], journal.Entries.Keys);
    }

    [Fact]
    public async Task What_was_half_written_goes_later_when_it_cannot_go_at_once()
    {
        await _written.WriteAsync(2, new());
        await using (var journal = await OpenAsync())
        {
            var torn = Disk[_written.Newest].Length + 20;
            Disk.FailNextAppend(20);
            Disk.Before = FailOn("truncate");
            await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(3)));
            await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(3)));
            Assert.Equal(torn, Disk[_written.Newest].Length);
            Disk.Before = null;
            await journal.AppendAsync(Written.Batch(3));
        }

        Assert.Equal(_written.After(2), (await Reopened.CheckAsync(Disk.Crash(0))).Entries);
    }

    /// <summary>After a failed flush later ones may succeed without having written anything: only a new file is sure.</summary>
    [Fact]
    public async Task A_failed_flush_brings_a_new_file()
    {
        await _written.WriteAsync(2, new());
        await using (var journal = await OpenAsync())
        {
            Disk.FailNextFlush();
            await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(3)));
            Assert.Equal(_written.States[2], journal.Entries);
            Assert.Equal(["journal-1", "journal-3"], Disk.Names);
            Assert.Equal(_written.States[2], (await Reopened.CheckAsync(Disk.Crash(int.MaxValue))).Entries);
            await journal.AppendAsync(Written.Batch(3));
            Assert.Equal(_written.After(2), (await Reopened.CheckAsync(Disk.Crash(0))).Entries);
        }
    }

    [Fact]
    public async Task Nothing_is_added_where_a_flush_failed_until_there_is_a_new_file()
    {
        await _written.WriteAsync(2, new());
        await using var journal = await OpenAsync();
        var (before, names) = (Disk[_written.Newest], Disk.Names);
        Disk.FailNextFlush();
        Disk.Capacity = Disk.Size + 100;
        await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(3)));
        await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(3)));
        Assert.Equal(names, Disk.Names);
        Assert.Equal(before, Disk[_written.Newest]);
        Assert.Equal(_written.States[2], (await Reopened.CheckAsync(Disk.Crash(int.MaxValue))).Entries);
        Disk.Capacity = long.MaxValue;
        await journal.AppendAsync(Written.Batch(3));
        Assert.Equal(_written.After(2), (await Reopened.CheckAsync(Disk.Crash(0))).Entries);
    }

    [Theory]
    [InlineData("append", ".new", false)]
    [InlineData("flush", ".new", false)]
    [InlineData("flush", "", false)]
    [InlineData("flush", "", true)]
    [InlineData("rename", ".new", false)]
    [InlineData("rename", ".new", true)]
    [InlineData("delete", "", false)]
    [InlineData("list", "", false)]
    public async Task A_compaction_that_fails_harms_nothing(string operation, string suffix, bool isDone)
    {
        var state = Map<string, string>.Empty;
        await using (var journal = await OpenAsync(Written.Small))
        {
            for (var number = 1; number <= 40; number++)
            {
                // Of operations on other files than the one in use, those of a compaction.
                var inUse = Disk.Names.MaxBy(Written.Number);
                Func<string, string, Task>? fault = number is > 5 and < 15
                    ? (asked, name) =>
                        asked == operation
                        && name != inUse
                        && (suffix == "" || name.EndsWith(suffix, StringComparison.Ordinal))
                            ? Task.FromException(new IOException("Not today"))
                            : Task.CompletedTask
                    : null;
                Disk.Before = isDone ? null : fault;
                Disk.After = isDone ? fault : null;
                try
                {
                    await journal.AppendAsync(Written.Batch(number));
                    state = Written.Apply(state, Written.Batch(number));
                }
                catch (JournalException) when (suffix == "" || operation == "rename")
                {
                    // Whether the new file got its name is not known, and nothing may be added to the old one.
                    Assert.InRange(number, 6, 14);
                }

                Assert.Equal(state, journal.Entries);
                Assert.Equal(state, (await Reopened.CheckAsync(Disk.Crash(0), Written.Small)).Entries);
                Assert.Equal(state, (await Reopened.CheckAsync(Disk.Crash(int.MaxValue), Written.Small)).Entries);
            }

            Assert.True(Disk.Faults > 0);
            Assert.Null(journal.Status.Problem);
            Assert.InRange(journal.Status.Compactions, 2, 20);
        }

        Assert.Equal(2, Disk.Names.Count);
    }

    [Fact]
    public async Task What_a_failed_compaction_left_behind_is_not_in_the_next()
    {
        await _written.WriteAsync(5, new());
        await using var journal = await OpenAsync(Written.Small);
        Disk.After = (operation, name) =>
        {
            // It cannot even be deleted.
            Disk.Before = operation == "append" && name == "journal-3.new" ? FailOn("delete") : null;
            return FailOn("append journal-3.new")(operation, name);
        };
        for (var number = 6; number < 14; number++)
        {
            await journal.AppendAsync(Written.Batch(number));
        }

        Assert.Contains("journal-3.new", Disk.Names);
        Disk.Before = Disk.After = null;
        for (var number = 14; number < 24; number++)
        {
            await journal.AppendAsync(Written.Batch(number));
        }

        Assert.InRange(journal.Status.Compactions, 1, 4);
        Assert.Equal(journal.Entries, (await Reopened.CheckAsync(Disk.Crash(0), Written.Small)).Entries);
    }

    [Fact]
    public async Task A_file_that_cannot_be_replaced_grows_only_so_far()
    {
        await using var journal = await OpenAsync(Written.Small);
        Disk.Before = FailOn("rename", "append journal-2.new");
        var refused = 0;
        var attempts = 0L;
        for (var number = 1; number < 100; number++)
        {
            try
            {
                await journal.AppendAsync(Written.Batch(number));
                attempts = journal.Status.Failures;
            }
            catch (JournalException error)
            {
                Assert.Equal(JournalFailure.Disk, error.Failure);
                refused++;
            }
        }

        Assert.InRange(refused, 50, 90);
        Assert.InRange(attempts, 3, 4);
        Assert.InRange(Disk["journal-1"].Length, 4 * 600, 4 * 600 + 200);
        Disk.Before = null;
        await journal.AppendAsync(Written.Batch(100));
        Assert.InRange(Disk["journal-2"].Length, 100, 600);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_can_be_read()
    {
        await _written.WriteAsync(3, new());
        Disk["journal-1"] = [.. Disk["journal-1"], 1, 2, 3];
        Disk.Before = FailOn("truncate", "append", "delete", "rename");
        await using var journal = await OpenAsync();
        Assert.Equal(_written.States[3], journal.Entries);
        Assert.Equal(
            "warning: what is there was read, but the disk cannot be written: Not today",
            Assert.Single(journal.Recovery.Problems).ToString()
        );
        await Assert.ThrowsAsync<JournalException>(() => journal.AppendAsync(Written.Batch(4)));
        Disk.Before = null;
        await journal.AppendAsync(Written.Batch(4));
        Assert.Equal(_written.After(3), (await Reopened.CheckAsync(Disk.Crash(0))).Entries);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("read")]
    public async Task A_disk_that_cannot_be_read_is_an_error(string operation)
    {
        await _written.WriteAsync(3, new());
        Disk.Before = FailOn(operation);
        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync());
        Assert.Equal(JournalFailure.Disk, error.Failure);
        Assert.StartsWith("the journal cannot be read: Not today; see whether", error.Message);
    }

    private Task<Journal> OpenAsync(JournalOptions? options = null) =>
        Journal.OpenAsync(Disk, options ?? new(), CancellationToken.None);

    private static Func<string, string, Task> FailOn(params string[] operations) =>
        (operation, name) =>
            operations.Contains(operation) || operations.Contains($"{operation} {name}")
                ? Task.FromException(new IOException("Not today"))
                : Task.CompletedTask;
}
