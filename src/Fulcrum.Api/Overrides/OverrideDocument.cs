using Fulcrum.Model.Overrides;

namespace Fulcrum.Api.Overrides;

/// <summary>An operator's decision that is in force.</summary>
public sealed record OverrideDocument
{
    /// <summary><c>backend/resolvers/dns2</c>.</summary>
    public required string Target { get; init; }

    /// <summary><c>enable</c>, <c>disable</c>, <c>drain</c> or <c>weight</c>.</summary>
    public required string Action { get; init; }

    public int? Weight { get; init; }

    public required string Owner { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Left out: until somebody clears it.</summary>
    public DateTimeOffset? Expires { get; init; }

    public static OverrideDocument Of(Override decision) =>
        new()
        {
            Target = decision.Target.ToString(),
            Action = decision.Action.ToString().ToLowerInvariant(),
            Weight = decision.Weight,
            Owner = decision.Owner,
            Reason = decision.Reason,
            Since = decision.Since,
            Expires = decision.Expires,
        };
}
