namespace Fulcrum.Engine.Journaling;

/// <summary>The journal's bounds.</summary>
public sealed record JournalOptions
{
    /// <summary>Beyond this a file would not fit into one array of bytes.</summary>
    public const int LargestLiveBytes = 256 << 20;

    /// <summary>What all keys and values may take together. A change that would grow beyond it is refused.</summary>
    public int MaxLiveBytes { get; init; } = 64 << 20;

    /// <summary>
    /// A file whose commits take this much, and as much as the snapshot that it began with, is replaced by a new one.
    /// </summary>
    public int CompactAfterBytes { get; init; } = 1 << 20;

    /// <summary>How many batches wait for the disk; who comes with one more waits for a place.</summary>
    public int QueueLength { get; init; } = 1024;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLiveBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLiveBytes, LargestLiveBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(CompactAfterBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CompactAfterBytes, LargestLiveBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLength, 1);
    }
}
