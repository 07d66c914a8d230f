using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Journaling.Files;
using Fulcrum.Model.Problems;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>Bytes that were durable are others now.</summary>
public sealed class JournalDamageTests
{
    private const int Batches = 35;

    /// <summary>Two files, each with a snapshot and commits; every bit of both is turned.</summary>
    [Fact]
    public async Task Any_single_bit_costs_at_most_what_stands_after_it()
    {
        var random = Seeds.NewRandom();
        var written = await Written.BatchesAsync(Batches, Written.Small);
        var before = written.Ends.Count(end => end.File != written.Newest);
        var ends = written.Ends.Skip(before).Select(end => end.End).ToList();
        Assert.InRange(ends.Count, 4, Batches - 1);
        var start = SnapshotEnd(written.Disk[written.Newest]);
        foreach (var name in written.Disk.Names)
        {
            var whole = written.Disk[name];
            for (var bit = 0; bit < whole.Length * 8; bit += random.Next(1, Soak.Share < 1 ? 8 : 2))
            {
                var disk = written.Disk.Crash(int.MaxValue);
                disk[name] = [.. whole];
                var turned = whole.ToArray();
                turned[bit / 8] ^= (byte)(1 << (bit % 8));
                disk[name] = turned;
                var found = await Reopened.CheckAsync(disk, Written.Small);
                var untouched = ends.Count(end => end <= bit / 8);
                if (name != written.Newest || bit / 8 < start)
                {
                    // A snapshot is there twice, and a header says nothing that is not known.
                    Assert.Equal(written.States[Batches], found.Entries);
                    Assert.DoesNotContain(found.Recovery.Problems, problem => problem.Severity == Severity.Error);
                }
                else if (untouched == ends.Count - 1)
                {
                    Assert.Equal(written.States[Batches - 1], found.Entries);
                    Assert.Equal(new(name, ends[^2], whole.Length - ends[^2]), found.Recovery.Cut);
                }
                else
                {
                    Assert.Equal(written.States[before + untouched], found.Entries);
                    Assert.Equal(Severity.Error, Assert.Single(found.Recovery.Problems).Severity);
                    Assert.Equal([$"{name}.damaged"], found.Recovery.SetAside);
                    Assert.Equal(turned, disk[$"{name}.damaged"]);
                }
            }
        }
    }

    [Fact]
    public async Task Damage_among_commits_is_told_from_a_torn_end()
    {
        var written = await Written.BatchesAsync(5, new());
        var bytes = written.Disk["journal-1"];
        bytes[(int)written.Ends[2].End - 1] ^= 1;
        written.Disk["journal-1"] = bytes;
        var found = await Reopened.CheckAsync(written.Disk);
        Assert.Equal(written.States[2], found.Entries);
        Assert.Equal(
            $"{written.States[2].Count} entries from journal-1 and 2 commits after it; kept journal-1.damaged; "
                + $"journal-1: damaged at byte {written.Ends[1].End}: what stands before it is loaded, "
                + "what stood after it is lost",
            found.Recovery.ToString()
        );
        Assert.Equal(["journal-1.damaged", "journal-2"], written.Disk.Names);
    }

    [Fact]
    public async Task Without_any_whole_snapshot_the_commits_are_loaded()
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        Break(written.Disk, written.Newest, SnapshotEnd(written.Disk[written.Newest]) - 1);
        written.Disk.Remove(written.Disk.Names.Single(name => name != written.Newest));
        var found = await Reopened.CheckAsync(written.Disk, Written.Small);
        Assert.Equal(written.States[Batches]["last"], found.Entries["last"]);
        Assert.All(found.Entries, entry => Assert.Equal(written.States[Batches][entry.Key], entry.Value));
        Assert.Contains("no former one is there", Assert.Single(found.Recovery.Problems).Message);
        Assert.Equal(Severity.Error, found.Recovery.Problems[0].Severity);
    }

    [Fact]
    public async Task A_gap_between_files_ends_what_is_loaded()
    {
        var written = await Written.BatchesAsync(Batches, Written.Small);
        var newest = written.Newest;
        var former = written.Disk.Names.Single(name => name != newest);
        var ends = written.Ends.Where(end => end.File == former).Select(end => (int)end.End).ToList();
        var before = written.Ends.TakeWhile(end => end.File != former).Count();
        Break(written.Disk, newest, SnapshotEnd(written.Disk[newest]) - 1);
        Break(written.Disk, former, ends[1] - 1);
        var found = await Reopened.CheckAsync(written.Disk, Written.Small);
        Assert.Equal(written.States[before + 1], found.Entries);
        Assert.Equal([$"{former}.damaged", $"{newest}.damaged"], found.Recovery.SetAside);
        Assert.Contains(found.Recovery.Problems, problem => problem.Message.Contains("in no file"));
    }

    [Fact]
    public async Task Damaged_files_are_kept_in_a_bounded_number()
    {
        var written = await Written.BatchesAsync(3, new());
        for (var round = 0; round < 8; round++)
        {
            Break(written.Disk, written.Disk.Names.Single(IsInUse), 0);
            Assert.Equal(written.States[3], (await OpenAsync(written.Disk)).Entries);
        }

        Assert.Equal(
            ["journal-5.damaged", "journal-6.damaged", "journal-7.damaged", "journal-8.damaged", "journal-9"],
            written.Disk.Names
        );

        static bool IsInUse(string name) => !name.EndsWith(".damaged", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_alone()
    {
        var written = await Written.BatchesAsync(3, new());
        var newer = written.Disk["journal-1"];
        JournalFormat.WriteHeader(newer, JournalFormat.Version + 1);
        written.Disk["journal-2"] = newer;
        written.Disk["journal-3.new"] = [1];
        var names = written.Disk.Names;
        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(written.Disk));
        Assert.Equal(JournalFailure.NewerVersion, error.Failure);
        Assert.StartsWith("journal-2 has format 2, and 1 is the last known here", error.Message);
        Assert.Equal(names, written.Disk.Names);
        Assert.Equal(newer, written.Disk["journal-2"]);
    }

    [Fact]
    public async Task Other_files_are_left_alone()
    {
        var written = await Written.BatchesAsync(3, new());
        written.Disk["lock"] = [];
        written.Disk["journal.txt"] = [1];
        written.Disk["journal-2.new"] = [2];
        Assert.Equal(written.States[3], (await OpenAsync(written.Disk)).Entries);
        Assert.Equal(["journal-1", "journal-3", "journal.txt", "lock"], written.Disk.Names);
    }

    private static Task<Journal> OpenAsync(MemoryJournalDisk disk) =>
        Journal.OpenAsync(disk, new(), CancellationToken.None);

    private static void Break(MemoryJournalDisk disk, string name, int at)
    {
        var bytes = disk[name];
        bytes[at] ^= 0x10;
        disk[name] = bytes;
    }

    private static int SnapshotEnd(byte[] file) =>
        JournalFormat.HeaderLength + JournalFormat.Read(file.AsSpan(JournalFormat.HeaderLength))!.Length;
}
