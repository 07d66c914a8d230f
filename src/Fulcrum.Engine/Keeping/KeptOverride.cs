using System.Text.Json;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Keeping;

/// <summary>A decision as the journal holds it; the target is in the key.</summary>
internal sealed record KeptOverride(
    string Action,
    string Owner,
    DateTimeOffset Since,
    int? Weight = null,
    string? Reason = null,
    DateTimeOffset? Expires = null
)
{
    public static string Write(Override decision) =>
        JsonSerializer.Serialize(
            new KeptOverride(
                decision.Action.ToString(),
                decision.Owner,
                decision.Since,
                decision.Weight,
                decision.Reason,
                decision.Expires
            ),
            KeptJson.Default.KeptOverride
        );

    /// <summary>Null: not understood.</summary>
    public static Override? Read(string target, string text)
    {
        if (
            !OverrideTarget.TryParse(target, out var parsed)
            || KeptJson.TryRead(text, KeptJson.Default.KeptOverride) is not { } kept
            || !Enum.TryParse<OverrideAction>(kept.Action, out var action)
        )
        {
            return null;
        }

        return new()
        {
            Target = parsed,
            Action = action,
            Weight = kept.Weight,
            Owner = kept.Owner,
            Reason = kept.Reason,
            Since = kept.Since,
            Expires = kept.Expires,
        };
    }
}
