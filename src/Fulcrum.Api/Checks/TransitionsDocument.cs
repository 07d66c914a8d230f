namespace Fulcrum.Api.Checks;

/// <summary>
/// What <c>GET /api/v1/checks/transitions?after=N</c> answers: the changes of verdicts since that one, the oldest first.
/// </summary>
public sealed record TransitionsDocument
{
    public required IReadOnlyList<TransitionDocument> Transitions { get; init; }

    /// <summary>Those after N that are not kept any more.</summary>
    public required long Missed { get; init; }

    /// <summary>
    /// Of the newest that there is: ask for those after it next time. It is less than N when the node has started anew.
    /// </summary>
    public required long Newest { get; init; }
}
