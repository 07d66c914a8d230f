namespace Fulcrum.Model.Overrides;

public enum OverrideTargetKind
{
    Service,
    Upstream,

    /// <summary>One membership: <c>backend/UPSTREAM/NAME</c>.</summary>
    Backend,

    /// <summary>An address everywhere: <c>host/ADDRESS</c>.</summary>
    Host,
    Node,
}

/// <param name="Name">As the command line writes it, without the kind: <c>resolvers/dns2</c> for a backend.</param>
public sealed record OverrideTarget(OverrideTargetKind Kind, string Name)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Name}";
}

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
