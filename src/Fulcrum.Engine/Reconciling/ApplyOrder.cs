namespace Fulcrum.Engine.Reconciling;

/// <summary>What goes with a change of the configuration.</summary>
public sealed record ApplyOrder
{
    /// <summary>Who wants it, for history and log.</summary>
    public required string By { get; init; }

    /// <summary>The node itself wants it, at its start or because it was told to read its file again.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Where the content was read, when that is not the source itself: another file, put in its place.</summary>
    public string? From { get; init; }

    /// <summary>It may remove more than the guard's share.</summary>
    public bool AllowRemovals { get; init; }

    /// <summary>It is taken back after this long, unless somebody confirms it. Null: it stays.</summary>
    public TimeSpan? ConfirmWithin { get; init; }
}
