using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Journaling.Files;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

public sealed class JournalCompactionTests
{
    [Fact]
    public async Task The_disk_holds_little_more_than_what_lives()
    {
        var options = new JournalOptions { CompactAfterBytes = 2000 };
        var disk = new MemoryJournalDisk();
        await using var journal = await Journal.OpenAsync(disk, options, CancellationToken.None);
        var most = 0L;
        for (var number = 0; number < 5000; number++)
        {
            await journal.AppendAsync(Written.Batch(number));
            most = Math.Max(most, disk.Size);
            Assert.InRange(disk.Names.Count, 1, 2);
        }

        // Two files, each with a snapshot, the bound of commits, and the commit that went beyond it.
        Assert.InRange(most, 4000, 2 * (journal.Status.LiveBytes + 2000 + 200));
        Assert.InRange(journal.Status.Compactions, 100, 300);
        Assert.Equal(5000, journal.Status.Commits);
    }

    /// <summary>Otherwise a large state would be written again and again for small changes.</summary>
    [Fact]
    public async Task A_large_snapshot_waits_for_as_much_change()
    {
        var options = new JournalOptions { CompactAfterBytes = 2000 };
        var disk = new MemoryJournalDisk();
        await using var journal = await Journal.OpenAsync(disk, options, CancellationToken.None);
        await journal.AppendAsync([new("large", new('x', 50_000))]);
        Assert.Equal(1, journal.Status.Compactions);
        for (var number = 0; number < 500; number++)
        {
            await journal.AppendAsync(Written.Batch(number));
        }

        Assert.Equal(1, journal.Status.Compactions);
        for (var number = 0; number < 500; number++)
        {
            await journal.AppendAsync(Written.Batch(number));
        }

        Assert.Equal(2, journal.Status.Compactions);
    }

    [Fact]
    public async Task A_full_disk_in_the_middle_of_it_loses_nothing()
    {
        var whole = await Written.BatchesAsync(20, new());
        var last = whole.Ends[^1].End;
        var options = new JournalOptions { CompactAfterBytes = (int)last - 60 };
        var (fitted, refused) = (0, 0);
        for (var room = 0; room < 400; room++)
        {
            var disk = new MemoryJournalDisk();
            await using (var journal = await Journal.OpenAsync(disk, options, CancellationToken.None))
            {
                for (var number = 1; number < 20; number++)
                {
                    await journal.AppendAsync(Written.Batch(number));
                }

                disk.Capacity = last + room;
                await journal.AppendAsync(Written.Batch(20));
                Assert.Equal(whole.States[20], journal.Entries);
                var fits = room >= JournalFormat.HeaderLength + JournalFormat.RecordPrefix + journal.Status.LiveBytes;
                Assert.Equal((fits ? 1 : 0, fits), (journal.Status.Compactions, journal.Status.Failures == 0));
                (fitted, refused) = fits ? (fitted + 1, refused) : (fitted, refused + 1);
                disk.Mend();
                await journal.AppendAsync(Written.Batch(21));
            }

            Assert.Equal(whole.After(20), (await Reopened.CheckAsync(disk.Crash(0))).Entries);
        }

        Assert.True(fitted > 10 && refused > 100, $"{fitted} fitted, {refused} did not");
    }

    [Fact]
    public async Task A_full_disk_at_the_start_loses_nothing()
    {
        var written = await Written.BatchesAsync(20, new());
        var (made, refused) = (0, 0);
        for (var room = 0; room < 600; room += 10)
        {
            var disk = written.Disk.Crash(int.MaxValue);
            disk.Capacity = disk.Size + room;
            await using (var journal = await Journal.OpenAsync(disk, new(), CancellationToken.None))
            {
                Assert.Equal(written.States[20], journal.Entries);
                var failure = await Record.ExceptionAsync(() => journal.AppendAsync(Written.Batch(21)));
                (made, refused) = failure is null ? (made + 1, refused) : (made, refused + 1);
                Assert.True(failure is null or JournalException);
                disk.Mend();
                await journal.AppendAsync(Written.Batch(21));
            }

            Assert.Equal(written.After(20), (await Reopened.CheckAsync(disk.Crash(0))).Entries);
        }

        Assert.True(made > 5 && refused > 20, $"{made} made, {refused} refused");
    }
}
