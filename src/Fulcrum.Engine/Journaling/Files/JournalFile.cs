namespace Fulcrum.Engine.Journaling.Files;

internal enum JournalEnding
{
    /// <summary>The file ends where its last record ends.</summary>
    Clean,

    /// <summary>
    /// The last record is not whole, which is what power loss or a kill leaves of a commit: a commit is written only
    /// when the one before it is durable, so that one at most can be torn.
    /// </summary>
    Torn,

    /// <summary>Whole commits follow what is not whole: what was durable has changed.</summary>
    Corrupt,
}

/// <summary>What can be read of one file; whatever bytes they are, there is an answer.</summary>
/// <param name="Snapshot">What the file begins with; null when that is damaged.</param>
/// <param name="Commits">Those after the snapshot without a gap; after a damaged snapshot, from the first that is whole.</param>
/// <param name="GoodLength">Up to the end of the last of these.</param>
internal sealed record JournalFile(
    JournalName Name,
    uint? Version,
    JournalRecord? Snapshot,
    IReadOnlyList<JournalRecord> Commits,
    int GoodLength,
    int Length,
    JournalEnding Ending
)
{
    public bool IsNewer => Version > JournalFormat.Version;

    /// <summary>Something in it is not as it once was durable.</summary>
    public bool IsDamaged => Version is null || Snapshot is null || Ending == JournalEnding.Corrupt;

    public static JournalFile Read(JournalName name, ReadOnlySpan<byte> file)
    {
        // A damaged header costs nothing: its length is known, and each record stands for itself.
        var at = Math.Min(JournalFormat.HeaderLength, file.Length);
        var snapshot = JournalFormat.Read(file[at..]);
        at += snapshot?.Length ?? (JournalFormat.Find(file, at) ?? file.Length) - at;
        var commits = new List<JournalRecord>();
        var next = snapshot?.Sequence + 1;
        while (JournalFormat.Read(file[at..]) is { } commit && commit.Sequence == (next ?? commit.Sequence))
        {
            commits.Add(commit);
            at += commit.Length;
            next = commit.Sequence + 1;
        }

        var ending =
            at == file.Length ? JournalEnding.Clean
            : JournalFormat.Find(file, at, next ?? 0) is null ? JournalEnding.Torn
            : JournalEnding.Corrupt;
        return new(name, JournalFormat.ReadHeader(file), snapshot, commits, at, file.Length, ending);
    }
}
