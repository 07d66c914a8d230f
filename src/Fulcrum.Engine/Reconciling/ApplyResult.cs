using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Reconciling;

/// <summary>How applying a change ended: whole, or not at all.</summary>
/// <param name="Generation">The generation that is in force now; null when nothing was changed.</param>
/// <param name="Problems">Why nothing was changed; after a change: what of a live source was left out.</param>
public sealed record ApplyResult(long? Generation, IReadOnlyList<Problem> Problems)
{
    public bool Applied => Generation is not null;

    /// <summary>Nothing was changed because somebody else changed the same first.</summary>
    public bool IsOutrun { get; init; }

    /// <summary>It is taken back then, unless somebody confirms it. Null: it stays.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }
}
