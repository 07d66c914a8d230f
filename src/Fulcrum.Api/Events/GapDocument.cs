namespace Fulcrum.Api.Events;

/// <summary>Events are missing here: what was built on those before is to be read anew.</summary>
public sealed record GapDocument
{
    /// <summary>How many; left out: the node was started anew, and nobody knows.</summary>
    public long? Missed { get; init; }
}
