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
            var written = await Written.BatchesAsync(19, new());
            written.Disk.Capacity = last + room;
            await using (var journal = await Journal.OpenAsync(written.Disk, options, CancellationToken.None))
            {
                await journal.AppendAsync(Written.Batch(20));
                Assert.Equal(whole.States[20], journal.Entries);
                var fits = room >= JournalFormat.HeaderLength + JournalFormat.RecordPrefix + journal.Status.LiveBytes;
                Assert.Equal((fits ? 1 : 0, fits), (journal.Status.Compactions, journal.Status.Failures == 0));
                (fitted, refused) = fits ? (fitted + 1, refused) : (fitted, refused + 1);
                written.Disk.Capacity = long.MaxValue;
                await journal.AppendAsync(Written.Batch(21));
            }

            Assert.Equal(whole.After(20), (await Reopened.CheckAsync(written.Disk.Crash(0))).Entries);
        }

        Assert.True(fitted > 10 && refused > 100, $"{fitted} fitted, {refused} did not");
    }
}
