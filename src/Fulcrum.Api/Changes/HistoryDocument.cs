using Fulcrum.Engine.History;

namespace Fulcrum.Api.Changes;

/// <summary>The configurations that were in force, the newest first.</summary>
public sealed record HistoryDocument
{
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }
}
