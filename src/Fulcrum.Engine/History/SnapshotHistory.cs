using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Configuration;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.History;

/// <summary>
/// What files and the API brought and was put in force. Each is a file of its own: <c>NUMBER.json</c> is a configuration
/// in the native language, and <c>NUMBER.entry</c>, written after it, says when, by whom and from where. Bounded by
/// number and size: the oldest go, but the newest of each source as long as there is room for anything else.
/// <para>
/// It holds what the source brought, not the whole: giving that to its source again takes nothing from other sources.
/// And what was in force was good: the newest that came from a file is that file's last good copy. What live sources
/// bring is theirs to keep.
/// </para>
/// <para>One writer; whoever reads sees what was written when he came.</para>
/// </summary>
public sealed class SnapshotHistory
{
    internal const string Temporary = ".new";
    private const string Text = ".json";
    private const string About = ".entry";
    private const int MostEntries = 50;

    private static readonly LoadOptions Kept = new()
    {
        IsFragment = true,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
    };

    private readonly IHistoryDisk _disk;
    private readonly string _directory;
    private readonly long _mostBytes;
    private volatile IReadOnlyList<HistoryEntry> _entries;

    private SnapshotHistory(IHistoryDisk disk, string directory, long mostBytes)
    {
        (_disk, _directory, _mostBytes) = (disk, directory, mostBytes);
        (_entries, Problems) = Read();
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>What could not be read when it was opened, and is left out.</summary>
    public Items<Problem> Problems { get; }

    /// <summary>Reads what there is.</summary>
    public static SnapshotHistory Open(string directory) => Open(new DirectoryHistoryDisk(directory), directory);

    /// <param name="directory">For messages and <see cref="PathOf"/>.</param>
    /// <param name="mostBytes">Of all texts together.</param>
    public static SnapshotHistory Open(IHistoryDisk disk, string directory, long mostBytes = 256 << 20) =>
        new(disk, directory, mostBytes);

    public HistoryEntry? Find(int number) => Entries.FirstOrDefault(entry => entry.Number == number);

    /// <summary>The newest that came from this file and can still be read; null: there is none.</summary>
    public HistoryEntry? LastGood(string file)
    {
        var source = Source.File(file).ToString();
        return Entries.FirstOrDefault(entry => entry.Source == source && Load(entry.Number).Snapshot is not null);
    }

    public string PathOf(HistoryEntry entry) => Path.Join(_directory, NameOf(entry.Number, Text));

    /// <summary>What its source brought; null, with the reasons: it is gone or not what it was.</summary>
    public (Snapshot? Snapshot, IReadOnlyList<Problem> Problems) Load(int number)
    {
        if (Find(number) is not { } entry)
        {
            return Unread($"there is no configuration {number} in the history");
        }

        try
        {
            var text = _disk.Read(NameOf(number, Text));
            if (DigestOf(text) != entry.Digest)
            {
                return Unread($"{PathOf(entry)} is not what was in force: somebody or something has changed it");
            }

            var loaded = SnapshotLoader.Parse(text, PathOf(entry), ConfigurationFormat.Json, Kept);
            return (loaded.Snapshot, loaded.Problems);
        }
        catch (IOException error)
        {
            return Unread(error.Message);
        }
    }

    /// <summary>Writes it down, unless it is what its source brought last. Not on a loop: it waits for the disk.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was there is as before.</exception>
    public void Add(AppliedChange change)
    {
        if (change.Source.IsLive)
        {
            return;
        }

        var source = change.Source.ToString();
        var text = SnapshotWriter.ToJson(change.Content);
        var digest = DigestOf(text);
        if (Entries.FirstOrDefault(entry => entry.Source == source)?.Digest == digest)
        {
            return;
        }

        var entry = new HistoryEntry(
            _disk.List().Select(file => NumberOf(file.Name)).DefaultIfEmpty(0).Max() + 1,
            change.At,
            change.By,
            source,
            change.Content.Services.Count,
            change.Content.Upstreams.Sum(upstream => upstream.Backends.Count),
            change.Content.Vips.Count,
            digest
        );
        _disk.Write(NameOf(entry.Number, Text), text);
        _disk.Write(NameOf(entry.Number, About), HistoryText.Write(entry));
        _entries = [entry, .. Entries];
        Prune();
    }

    private (IReadOnlyList<HistoryEntry> Entries, Items<Problem> Problems) Read()
    {
        var entries = new List<HistoryEntry>();
        var problems = new List<Problem>();
        try
        {
            foreach (
                var name in _disk
                    .List()
                    .Select(file => file.Name)
                    .Where(name => name.EndsWith(About, StringComparison.Ordinal))
            )
            {
                ReadOne(name, entries, problems);
            }
        }
        catch (IOException error)
        {
            problems.Add(Unreadable(_directory, error.Message));
        }

        entries.Sort((one, other) => other.Number.CompareTo(one.Number));
        return (entries, Items.From(problems));
    }

    private void ReadOne(string name, List<HistoryEntry> entries, List<Problem> problems)
    {
        try
        {
            if (NumberOf(name) is > 0 and var number && HistoryText.Read(number, _disk.Read(name)) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                problems.Add(Unreadable(name, "it is not understood"));
            }
        }
        catch (IOException error)
        {
            problems.Add(Unreadable(name, error.Message));
        }
    }

    // What is not whole counts too, or it would never go: it has a number like all others.
    private void Prune()
    {
        var files = _disk.List();
        foreach (var left in files.Where(file => file.Name.EndsWith(Temporary, StringComparison.Ordinal)))
        {
            _disk.Delete(left.Name);
        }

        var sizes = files
            .GroupBy(file => NumberOf(file.Name))
            .Where(group => group.Key > 0)
            .ToDictionary(group => group.Key, group => group.Sum(file => file.Bytes));
        var newest = Entries.DistinctBy(entry => entry.Source).Select(entry => entry.Number).ToHashSet();
        var (count, bytes) = (sizes.Count, sizes.Values.Sum());
        foreach (var number in sizes.Keys.OrderBy(newest.Contains).ThenBy(number => number))
        {
            // The very newest stays, however large it is.
            if ((count > MostEntries || bytes > _mostBytes) && number != Entries[0].Number)
            {
                _disk.Delete(NameOf(number, About));
                _disk.Delete(NameOf(number, Text));
                _entries = [.. Entries.Where(entry => entry.Number != number)];
                (count, bytes) = (count - 1, bytes - sizes[number]);
            }
        }
    }

    private Problem Unreadable(string name, string why) =>
        new()
        {
            Severity = Severity.Warning,
            Message = $"{Path.Join(_directory, name)} is left out of the history: {why}",
        };

    private static (Snapshot?, IReadOnlyList<Problem>) Unread(string why) => (null, [new() { Message = why }]);

    private static string DigestOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string NameOf(int number, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:000000}{extension}");

    // 0: not ours.
    private static int NumberOf(string name) =>
        Path.GetExtension(name) is Text or About
        && int.TryParse(
            Path.GetFileNameWithoutExtension(name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
