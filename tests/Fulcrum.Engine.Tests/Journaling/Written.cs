using System.Globalization;
using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>A journal that some batches went into, and what it held after each of them.</summary>
internal sealed class Written
{
    /// <summary>Small enough that a few batches bring a new file.</summary>
    public static readonly JournalOptions Small = new() { CompactAfterBytes = 600 };

    private readonly List<Map<string, string>> _states = [Map<string, string>.Empty];
    private readonly List<(string File, long End)> _ends = [];

    public Written()
        : this(new()) { }

    public Written(MemoryJournalDisk disk) => Disk = disk;

    public MemoryJournalDisk Disk { get; }

    /// <summary>The first is empty; one more for each batch that was acknowledged.</summary>
    public IReadOnlyList<Map<string, string>> States => _states;

    /// <summary>What the next batch would have led to.</summary>
    public Map<string, string> After(int batch) => Apply(_states[batch], Batch(batch + 1));

    /// <summary>Where the batches ended.</summary>
    public IReadOnlyList<(string File, long End)> Ends => _ends;

    /// <summary>The file in use.</summary>
    public string Newest => Disk.Names.MaxBy(Number)!;

    public static async Task<Written> BatchesAsync(int count, JournalOptions options)
    {
        var written = new Written();
        await written.WriteAsync(count, options);
        return written;
    }

    public async Task WriteAsync(int count, JournalOptions options)
    {
        await using var journal = await Journal.OpenAsync(Disk, options, CancellationToken.None);
        for (var number = _states.Count; number <= count; number++)
        {
            var batch = Batch(number);
            // A batch may begin a new file after it is acknowledged; it stands in the one before.
            var files = Disk.Names;
            await journal.AppendAsync(batch);
            _states.Add(Apply(_states[^1], batch));
            var file = files.Where(name => name.StartsWith("journal-", StringComparison.Ordinal)).MaxBy(Number)!;
            _ends.Add((file, Disk.Names.Contains(file) ? Disk[file].Length : 0));
        }
    }

    /// <summary>Each batch differs from all others; keys come again and go.</summary>
    public static JournalChange[] Batch(int number) =>
        [
            new(Key(number % 7), Value(number)),
            new(Key(number % 5 + 10), number % 3 == 0 ? null : Value(number)),
            new("last", Value(number)),
        ];

    public static Map<string, string> Apply(Map<string, string> state, IEnumerable<JournalChange> changes) =>
        changes.Aggregate(
            state,
            (map, change) => change.Value is null ? map.Without(change.Key) : map.With(change.Key, change.Value)
        );

    public static int Number(string name) =>
        int.Parse(name.Split('-', '.')[1], NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key/{number}");

    private static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"batch\":{number}}}");
}
