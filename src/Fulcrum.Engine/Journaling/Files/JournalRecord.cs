namespace Fulcrum.Engine.Journaling.Files;

/// <summary>Changes that became durable together: a snapshot of everything, or one commit.</summary>
/// <param name="Sequence">Of a commit, one more than that of the one before; of a snapshot, that of the last commit in it.</param>
/// <param name="Length">In the file, with all that belongs to it.</param>
internal sealed record JournalRecord(long Sequence, int Length, IReadOnlyList<JournalChange> Changes);
