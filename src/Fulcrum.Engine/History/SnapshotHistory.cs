using System.Globalization;
using Fulcrum.Configuration;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Files;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;

namespace Fulcrum.Engine.History;

/// <summary>
/// The configurations that were in force, each a file of its own: <c>NUMBER.json</c> is the configuration in the native
/// language, fit to be run, and <c>NUMBER.entry</c> says when, by whom and from where. A file appears whole or not at
/// all. Bounded by number and size: the oldest go.
/// <para>
/// What was in force was good: the newest entry that came from a file is that file's last good copy.
/// </para>
/// </summary>
public sealed class SnapshotHistory(string directory)
{
    private const int MostEntries = 50;
    private const long MostBytes = 256 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _lock = new();

    /// <summary>The newest first. Entries that cannot be read are left out.</summary>
    public IReadOnlyList<HistoryEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return Read();
            }
        }
    }

    /// <summary>The newest that came from this file; null: there is none.</summary>
    public HistoryEntry? LastGood(string file)
    {
        var source = Source.File(file).ToString();
        return Entries.FirstOrDefault(entry => entry.Source == source);
    }

    public string PathOf(HistoryEntry entry) => Name(entry.Number, "json");

    /// <summary>What was in force then; null, with the reasons: it is gone or cannot be read.</summary>
    public (Snapshot? Snapshot, IReadOnlyList<Problem> Problems) Load(int number)
    {
        var path = Name(number, "json");
        if (!File.Exists(path))
        {
            return (null, [new() { Message = $"there is no configuration {number} in the history" }]);
        }

        var loaded = SnapshotLoader.Load(path, new() { Environment = new Dictionary<string, string>() });
        return (loaded.Snapshot, loaded.Problems);
    }

    /// <summary>Writes it down, unless it is what is there last. Not on a loop: it waits for the disk.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was there is as before.</exception>
    public void Add(AppliedChange change)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(directory);
            var entries = Read();
            var last = entries.Count > 0 ? entries[0] : null;
            var text = SnapshotWriter.ToJson(change.Snapshot);
            if (last?.Source == change.Source.ToString() && IsSame(last, text))
            {
                return;
            }

            var entry = new HistoryEntry(
                NextNumber(),
                change.At,
                change.By,
                change.Source.ToString(),
                change.Snapshot.Services.Count,
                change.Snapshot.Upstreams.Sum(upstream => upstream.Backends.Count)
            );
            Write(Name(entry.Number, "json"), text);
            Write(Name(entry.Number, "entry"), HistoryText.Write(entry));
            Prune([entry, .. entries]);
        }
    }

    private bool IsSame(HistoryEntry last, string text)
    {
        try
        {
            return File.ReadAllText(PathOf(last)) == text;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private List<HistoryEntry> Read()
    {
        var entries = new List<HistoryEntry>();
        foreach (var number in Numbers("entry"))
        {
            try
            {
                if (HistoryText.Read(number, File.ReadAllText(Name(number, "entry"))) is { } entry)
                {
                    entries.Add(entry);
                }
            }
            catch (IOException)
            {
                // It cannot be read: as good as not there.
            }
        }

        entries.Sort((one, other) => other.Number.CompareTo(one.Number));
        return entries;
    }

    // A number is never given twice, not even when its entry was lost half-way.
    private int NextNumber() => Numbers("json").Concat(Numbers("entry")).DefaultIfEmpty(0).Max() + 1;

    private IEnumerable<int> Numbers(string extension) =>
        Directory.Exists(directory)
            ? Directory
                .EnumerateFiles(directory, $"*.{extension}")
                .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), out var number) ? number : 0)
                .Where(number => number > 0)
            : [];

    private static void Write(string path, string text)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        using (var file = new FileStream(temporary, options))
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }

    // The newest stays, however large it is.
    private void Prune(List<HistoryEntry> entries)
    {
        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            var file = new FileInfo(PathOf(entries[i]));
            bytes += file.Exists ? file.Length : 0;
            if (i > 0 && (i >= MostEntries || bytes > MostBytes))
            {
                File.Delete(Name(entries[i].Number, "entry"));
                File.Delete(file.FullName);
            }
        }
    }

    private string Name(int number, string extension) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{number:000000}.{extension}"));
}
