namespace Fulcrum.Engine.Reconciling;

/// <summary>What goes with a change of the configuration.</summary>
public sealed record ApplyOrder
{
    /// <summary>Who wants it, for history and log.</summary>
    public required string By { get; init; }

    /// <summary>It may remove more than the guard's share.</summary>
    public bool AllowRemovals { get; init; }

    /// <summary>It is taken back after this long, unless somebody confirms it. Null: it stays.</summary>
    public TimeSpan? ConfirmWithin { get; init; }
}
