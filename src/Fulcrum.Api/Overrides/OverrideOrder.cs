using Fulcrum.Model.Overrides;

namespace Fulcrum.Api.Overrides;

/// <summary>What an operator decides; the target is in the query.</summary>
public sealed record OverrideOrder
{
    /// <summary><c>enable</c>, <c>disable</c>, <c>drain</c> or <c>weight</c>.</summary>
    public required string Action { get; init; }

    public int? Weight { get; init; }

    public required string Owner { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null: there is no such action.</summary>
    public Override? ToOverride(OverrideTarget target, DateTimeOffset now)
    {
        OverrideAction? action = Action switch
        {
            "enable" => OverrideAction.Enable,
            "disable" => OverrideAction.Disable,
            "drain" => OverrideAction.Drain,
            "weight" => OverrideAction.Weight,
            _ => null,
        };
        return action is null
            ? null
            : new()
            {
                Target = target,
                Action = action.Value,
                Weight = Weight,
                Owner = Owner,
                Reason = Reason,
                Since = now,
                Expires = Expires,
            };
    }
}
