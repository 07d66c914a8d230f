using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>A file ends at any byte: everything that was whole before it is there.</summary>
public sealed class JournalTruncationTests
{
    private const int Batches = 35;

    [Fact]
    public async Task A_torn_end_is_cut_and_nothing_before_it_is_lost()
    {
        var written = await Written.BatchesAsync(Batches, new());
        var whole = written.Disk["journal-1"];
        var snapshotEnd = (await Written.BatchesAsync(0, new())).Disk["journal-1"].Length;
        for (var length = 0; length < whole.Length; length++)
        {
            var disk = new MemoryJournalDisk { ["journal-1"] = whole[..length] };
            var found = await Reopened.CheckAsync(disk);
            var kept = written.Ends.Count(end => end.End <= length);
            Assert.Equal(written.States[kept], found.Entries);
            if (length < snapshotEnd)
            {
                Assert.Equal(["journal-1.damaged"], found.Recovery.SetAside);
                Assert.StartsWith("journal-1: the snapshot is damaged", found.Recovery.Problems[0].ToString());
                continue;
            }

            var last = kept == 0 ? snapshotEnd : written.Ends[kept - 1].End;
            Assert.Equal(length == last ? null : new JournalCut("journal-1", last, length - last), found.Recovery.Cut);
            Assert.Empty(found.Recovery.Problems);
            Assert.Equal(kept, found.Recovery.Commits);
        }
    }

    [Fact]
    public async Task A_torn_snapshot_is_replaced_by_the_file_before_it()
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        var names = written.Disk.Names;
        Assert.Equal(2, names.Count);
        var whole = written.Disk[written.Newest];
        var before = written.Ends.Count(end => end.File != written.Newest);
        for (var length = 0; length < whole.Length; length++)
        {
            var disk = written.Disk.Crash(int.MaxValue);
            disk[written.Newest] = whole[..length];
            var found = await Reopened.CheckAsync(disk, Written.Small);
            var kept = before + written.Ends.Count(end => end.File == written.Newest && end.End <= length);
            Assert.Equal(written.States[kept], found.Entries);
        }
    }

    [Fact]
    public async Task A_torn_former_file_loses_nothing()
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        var former = written.Disk.Names.Single(name => name != written.Newest);
        var whole = written.Disk[former];
        for (var length = 0; length < whole.Length; length++)
        {
            var disk = written.Disk.Crash(int.MaxValue);
            disk[former] = whole[..length];
            Assert.Equal(written.States[Batches], (await Reopened.CheckAsync(disk, Written.Small)).Entries);
        }
    }
}
