namespace Fulcrum.Model.Overrides;

public enum OverrideAction
{
    Enable,
    Disable,
    Drain,
    Weight,
}

/// <summary>An operator's decision; outlives reload and restart.</summary>
public sealed record Override
{
    public required OverrideTarget Target { get; init; }

    public required OverrideAction Action { get; init; }

    /// <summary>For <see cref="OverrideAction.Weight"/>.</summary>
    public int? Weight { get; init; }

    public required string Owner { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Null: until somebody takes it back.</summary>
    public DateTimeOffset? Expires { get; init; }
}
