using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>What the journal holds after a commit.</summary>
/// <param name="Sequence">The number of that commit.</param>
/// <param name="LiveBytes">What the entries take in a snapshot.</param>
internal sealed record JournalState(Map<string, string> Entries, long Sequence, long LiveBytes)
{
    public static JournalState Empty { get; } = new(Map<string, string>.Empty, 0, 0);

    public static JournalState Of(Dictionary<string, string> entries, long sequence) =>
        new(
            Map<string, string>.From(entries),
            sequence,
            entries.Sum(entry => (long)ChangeCodec.Size(entry.Key, entry.Value))
        );

    public JournalState With(IReadOnlyList<JournalChange> changes)
    {
        var entries = Entries;
        var live = LiveBytes;
        foreach (var (key, value) in changes)
        {
            if (entries[key] is { } former)
            {
                live -= ChangeCodec.Size(key, former);
            }

            live += value is null ? 0 : ChangeCodec.Size(key, value);
            entries = value is null ? entries.Without(key) : entries.With(key, value);
        }

        return this with
        {
            Entries = entries,
            LiveBytes = live,
        };
    }

    /// <summary>A whole file that begins with this.</summary>
    public byte[] ToFile()
    {
        var file = new byte[JournalFormat.HeaderLength + JournalFormat.RecordPrefix + LiveBytes];
        JournalFormat.WriteHeader(file);
        var record = file.AsSpan(JournalFormat.HeaderLength);
        var at = JournalFormat.RecordPrefix;
        foreach (var (key, value) in Entries)
        {
            at += ChangeCodec.Write(record[at..], key, value);
        }

        JournalFormat.Seal(record, Sequence);
        return file;
    }
}
