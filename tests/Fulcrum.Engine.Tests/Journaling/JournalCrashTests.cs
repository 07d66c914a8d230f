using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>The process or the machine dies after any operation of the disk: all that was acknowledged is there.</summary>
public sealed class JournalCrashTests
{
    private const int Batches = 35;

    [Fact]
    public async Task A_kill_after_any_operation_loses_nothing()
    {
        var most = await OperationsAsync();
        for (var operation = 0; operation < most; operation++)
        {
            var written = await KilledAsync(operation);
            written.Disk.StopAfter = null;
            await CheckAsync(written, written.Disk);
        }
    }

    [Fact]
    public async Task Loss_of_power_after_any_operation_loses_nothing_wherever_it_tears_a_write()
    {
        var most = await OperationsAsync();
        for (var operation = 0; operation < most; operation++)
        {
            var written = await KilledAsync(operation);
            for (var kept = 0; kept <= written.Disk.Unsynced; kept++)
            {
                await CheckAsync(written, written.Disk.Crash(kept));
            }
        }
    }

    [Fact]
    public async Task Loss_of_power_after_any_operation_loses_nothing_whatever_reached_the_disk_first()
    {
        var random = Seeds.NewRandom();
        var most = await OperationsAsync();
        for (var operation = 0; operation < most; operation++)
        {
            var written = await KilledAsync(operation);
            for (var attempt = 0; attempt < 20; attempt++)
            {
                await CheckAsync(written, written.Disk.Crash(random));
            }
        }
    }

    /// <summary>A damaged file, or a torn one, and the machine dies again while that is repaired.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(2)]
    [InlineData(-100)]
    [InlineData(-1)]
    public async Task Repairing_can_be_interrupted_anywhere(int at)
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        var bytes = written.Disk[written.Newest];
        bytes[at < 0 ? ^-at : at] ^= 1;
        written.Disk[written.Newest] = bytes;
        var whole = written.Disk.Crash(int.MaxValue);
        var expected = await Reopened.CheckAsync(written.Disk, Written.Small);
        for (var (operation, isDone) = (0, false); !isDone; operation++)
        {
            var disk = whole.Crash(int.MaxValue);
            disk.StopAfter = operation;
            try
            {
                await using var journal = await Journal.OpenAsync(disk, Written.Small, CancellationToken.None);
                Assert.Equal(expected.Entries, journal.Entries);
                isDone = journal.Recovery.ToString() == expected.Recovery.ToString() && disk.Faults == 0;
            }
            catch (JournalException)
            {
                Assert.InRange(operation, 0, 2);
            }

            disk.Mend();
            for (var kept = 0; kept <= disk.Unsynced; kept++)
            {
                var found = await Reopened.CheckAsync(disk.Crash(kept), Written.Small);
                Assert.Equal(expected.Entries, found.Entries);
            }
        }
    }

    private static async Task<int> OperationsAsync()
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        Assert.Equal(2, written.Disk.Names.Count);
        Assert.InRange(Written.Number(written.Newest), 4, Batches);
        return written.Disk.Operations;
    }

    private static async Task<Written> KilledAsync(int operation)
    {
        var written = new Written(new() { StopAfter = operation });
        await Assert.ThrowsAsync<JournalException>(() => written.WriteAsync(Batches, Written.Small));
        return written;
    }

    private static async Task CheckAsync(Written written, MemoryJournalDisk disk)
    {
        var found = await Reopened.CheckAsync(disk, Written.Small);
        var acknowledged = written.States.Count - 1;
        Assert.True(
            found.Entries.Equals(written.States[acknowledged]) || found.Entries.Equals(written.After(acknowledged)),
            $"after {acknowledged} batches were acknowledged: {found.Recovery}"
        );
        Assert.Empty(found.Recovery.Problems);
        Assert.Empty(found.Recovery.SetAside);
    }
}
