namespace Fulcrum.Engine.Journaling;

/// <summary>How the journal is doing, for metrics and for people.</summary>
/// <param name="LiveBytes">What the entries take.</param>
/// <param name="FileBytes">What the file in use takes.</param>
/// <param name="Batches">Batches that became durable since the start.</param>
/// <param name="Commits">Groups of batches that became durable by one flush.</param>
/// <param name="Compactions">New files.</param>
/// <param name="Failures">Commits and compactions that failed.</param>
/// <param name="Waiting">Batches that wait for the disk.</param>
/// <param name="Problem">What failed last; null when nothing failed since the last success.</param>
public sealed record JournalStatus(
    long LiveBytes,
    long FileBytes,
    long Batches,
    long Commits,
    long Compactions,
    long Failures,
    int Waiting,
    string? Problem
);
