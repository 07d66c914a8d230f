namespace Fulcrum.Api.Sessions;

/// <summary>A part of the sessions. They come and go while they are looked at: it is no picture of one moment.</summary>
public sealed record SessionsDocument
{
    public required IReadOnlyList<SessionDocument> Items { get; init; }

    /// <summary>What to ask for as <c>after</c> to go on; left out: this is the end.</summary>
    public string? Next { get; init; }

    /// <summary>How many were seen that come after these.</summary>
    public required int More { get; init; }

    /// <summary>There were too many to look at them all: after those that <c>more</c> counts come others.</summary>
    public required bool Cut { get; init; }
}
