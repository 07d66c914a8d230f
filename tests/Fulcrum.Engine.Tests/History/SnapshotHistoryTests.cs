using Fulcrum.Engine.History;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Tests.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.History;

public sealed class SnapshotHistoryTests
{
    private readonly FakeHistoryDisk _disk = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void What_was_in_force_is_numbered_and_comes_back()
    {
        var history = Open();
        Add(history, Edge, Web(80), "alice");
        Add(history, Edge, Web(81), "bob");
        Assert.Equal(
            [
                "number 2 of 1970-01-01 00:00:02Z by bob: 1 services, 2 backends, 1 vips of file edge.yaml",
                "number 1 of 1970-01-01 00:00:01Z by alice: 1 services, 2 backends, 1 vips of file edge.yaml",
            ],
            history.Entries.Select(entry =>
                $"{entry}: {entry.Services} services, {entry.Backends} backends, {entry.Vips} vips of {entry.Source}"
            )
        );
        Assert.Equal(Web(80), history.Load(1).Snapshot);
        var again = Open();
        Assert.Equal(history.Entries, again.Entries);
        Assert.Equal(Web(81), again.Load(2).Snapshot);
        Assert.Empty(again.Problems);
    }

    [Fact]
    public void The_same_as_the_newest_of_its_source_is_not_written_again()
    {
        var history = Open();
        Add(history, Edge, Web(80));
        Add(history, Edge, Web(80));
        Add(history, Source.Api, Of(Upstream("own")));
        Add(history, Edge, Web(80));
        Assert.Equal([2, 1], history.Entries.Select(entry => entry.Number));
        // But what was there before the newest is news.
        Add(history, Edge, Web(81));
        Add(history, Edge, Web(80));
        Assert.Equal([4, 3, 2, 1], history.Entries.Select(entry => entry.Number));
    }

    [Fact]
    public void What_leads_to_objects_of_others_comes_back_too()
    {
        var history = Open();
        var content = Of(Service("web", "of-the-file", 80));
        Add(history, Source.Api, content);
        Assert.Equal(content, Open().Load(1).Snapshot);
    }

    [Fact]
    public void Live_sources_keep_their_own()
    {
        var history = Open();
        Add(history, Cluster, Web(80));
        Assert.Empty(history.Entries);
        Assert.Empty(_disk.Files);
    }

    [Fact]
    public void The_oldest_go_but_the_newest_of_each_source_stays()
    {
        var history = Open();
        Add(history, Edge, Web(1));
        Add(history, Edge, Web(2));
        for (var port = 1; port <= 100; port++)
        {
            Add(history, Source.Api, Web(port));
        }

        Assert.Equal(50, history.Entries.Count);
        Assert.Equal(2, history.LastGood("edge.yaml")!.Number);
        Assert.Equal([2, 54, 55], history.Entries.Select(entry => entry.Number).Order().Take(3));
        Assert.Equal(100, _disk.Files.Count);
        Assert.Equal(history.Entries, Open().Entries);
    }

    [Fact]
    public void Its_size_is_bounded_and_the_newest_stays_whatever_its_size()
    {
        var history = Open(mostBytes: 3000);
        for (var port = 1; port <= 20; port++)
        {
            Add(history, Edge, Web(port));
            Assert.InRange(_disk.Files.Values.Sum(text => text.Length), 1, 3000);
        }

        Assert.InRange(history.Entries.Count, 2, 10);
        Assert.Equal(20, history.Entries[0].Number);
        history = Open(mostBytes: 10);
        Add(history, Edge, Web(99));
        Assert.Equal([21], history.Entries.Select(entry => entry.Number));
        Assert.Equal(Web(99), history.Load(21).Snapshot);
    }

    [Fact]
    public void Sources_beyond_all_bounds_do_not_break_them()
    {
        var history = Open();
        for (var file = 1; file <= 70; file++)
        {
            Add(history, Source.File($"{file}.yaml"), Web(file));
        }

        Assert.Equal(50, history.Entries.Count);
        Assert.Equal(70, history.Entries[0].Number);
        Assert.Null(history.LastGood("1.yaml"));
    }

    [Fact]
    public void What_cannot_be_read_is_said_and_left_out_and_goes_in_its_turn()
    {
        var history = Open();
        Add(history, Edge, Web(1));
        Add(history, Edge, Web(2));
        Add(history, Edge, Web(3));
        _disk.Files["000001.entry"] = "{";
        _disk.Unreadable.Add("000002.entry");
        _disk.Files["notes.txt"] = "an operator's own";
        history = Open();
        Assert.Equal([3], history.Entries.Select(entry => entry.Number));
        Assert.Equal(
            [
                "warning: history/000001.entry is left out of the history: it is not understood",
                "warning: history/000002.entry is left out of the history: no 000002.entry",
            ],
            history.Problems.Select(problem => problem.ToString())
        );
        for (var port = 4; port <= 60; port++)
        {
            Add(history, Edge, Web(port));
        }

        Assert.DoesNotContain(_disk.Files.Keys, name => name.StartsWith("00000", StringComparison.Ordinal));
        Assert.Equal("an operator's own", _disk.Files["notes.txt"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_disk_that_fails_leaves_what_was_there(int writes)
    {
        var history = Open();
        Add(history, Edge, Web(80));
        _disk.WritesLeft = writes;
        Assert.Throws<IOException>(() => Add(history, Edge, Web(81)));
        Assert.Equal([1], history.Entries.Select(entry => entry.Number));
        Assert.Equal([1], Open().Entries.Select(entry => entry.Number));
        _disk.WritesLeft = int.MaxValue;
        history = Open();
        Add(history, Edge, Web(81));
        // A number that may have been seen is not given again.
        Assert.Equal([2 + writes, 1], history.Entries.Select(entry => entry.Number));
        Assert.Equal(Web(81), history.Load(2 + writes).Snapshot);
    }

    [Fact]
    public void A_text_that_was_changed_is_not_what_was_in_force()
    {
        var history = Open();
        Add(history, Edge, Web(80));
        Add(history, Edge, Web(81));
        Assert.Equal(2, history.LastGood("edge.yaml")!.Number);
        _disk.Files["000002.json"] = _disk.Files["000002.json"].Replace("81", "82", StringComparison.Ordinal);
        var (snapshot, problems) = history.Load(2);
        Assert.Null(snapshot);
        Assert.Equal(
            "history/000002.json is not what was in force: somebody or something has changed it",
            Assert.Single(problems).ToString()
        );
        Assert.Equal(1, history.LastGood("edge.yaml")!.Number);
        Assert.Null(history.LastGood("other.yaml"));
        _disk.Files.Remove("000001.json");
        Assert.Equal("no 000001.json", Assert.Single(history.Load(1).Problems).ToString());
        Assert.Equal("there is no configuration 7 in the history", Assert.Single(history.Load(7).Problems).ToString());
    }

    [Fact]
    public void A_real_directory_shows_its_files_to_the_owner_only()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.PathOf("state/history");
        var history = SnapshotHistory.Open(path);
        Assert.Empty(history.Entries);
        Add(history, Edge, Web(80));
        File.WriteAllText(Path.Join(path, "000009.json.new"), "a write that was cut short");
        Add(history, Edge, Web(81));
        Assert.Equal(
            ["000001.entry", "000001.json", "000002.entry", "000002.json"],
            Directory.EnumerateFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.All(
            Directory.EnumerateFiles(path),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(path)
        );
        Assert.Equal(Web(81), SnapshotHistory.Open(path).Load(2).Snapshot);
        Assert.Equal(Path.Join(path, "000002.json"), history.PathOf(history.Entries[0]));
    }

    [Fact]
    public void A_path_that_is_no_directory_is_a_problem_and_no_crash()
    {
        using var directory = new TemporaryDirectory();
        var history = SnapshotHistory.Open(directory.Write("history", "a file"));
        Assert.Empty(history.Entries);
        Assert.Throws<IOException>(() => Add(history, Edge, Web(80)));
    }

    [Fact]
    public void Whatever_is_added_the_bounds_hold_and_the_last_good_copy_is_the_newest()
    {
        var random = Seeds.NewRandom();
        Source[] sources = [Edge, Source.File("other.yaml"), Source.Api];
        for (var run = 0; run < 8; run++)
        {
            _disk.Files.Clear();
            var history = Open(mostBytes: 40_000);
            var last = new Dictionary<Source, Snapshot>();
            for (var step = 0; step < 80; step++)
            {
                history = random.Next(10) == 0 ? Open(mostBytes: 40_000) : history;
                var (source, content) = (sources[random.Next(sources.Length)], RandomContent.Of(random));
                Add(history, source, content);
                last[source] = content;
                Assert.InRange(history.Entries.Count, 1, 50);
                Assert.InRange(_disk.Files.Values.Sum(text => text.Length), 1, 40_000);
                Assert.Equal(history.Entries.OrderByDescending(entry => entry.Number), history.Entries);
                foreach (var (brought, newest) in last)
                {
                    var entry = history.Entries.First(entry => entry.Source == brought.ToString());
                    Assert.Equal(newest, history.Load(entry.Number).Snapshot);
                }
            }
        }
    }

    private SnapshotHistory Open(long mostBytes = 1 << 20) => SnapshotHistory.Open(_disk, "history", mostBytes);

    private void Add(SnapshotHistory history, Source source, Snapshot content, string by = "alice") =>
        history.Add(new AppliedChange(source, by, _now += TimeSpan.FromSeconds(1), content, content));

    private static Snapshot Web(int port) =>
        Of(
            Upstream("pages") with
            {
                Backends = [Snapshots.Backend("10.0.0.1"), Snapshots.Backend("10.0.0.2")],
            },
            Service("web", "pages", port),
            Vip("edge", 1)
        );
}
