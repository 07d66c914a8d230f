using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Explaining;

/// <summary>An operator's decision. Here a chain ends: the operator knows the rest.</summary>
internal static class OverrideAccount
{
    public static Account? Of(DerivedState state, Subject subject) =>
        TargetOf(subject.Name) is { } target && state.Inputs.Overrides[target] is { } decision
            ? new()
            {
                Subject = subject,
                State = decision.Weight is { } weight ? $"weight {weight}" : Words.Of(decision.Action),
                Since = decision.Since,
                Reasons =
                [
                    $"by {decision.Owner}{(decision.Reason is { } why ? $": {why}" : "")}",
                    decision.Expires is { } expires ? $"until {Words.Of(expires)}" : "until somebody takes it back",
                ],
            }
            : null;

    /// <summary>The decision about that target as a part of it; nothing: there is none.</summary>
    public static IEnumerable<Part> About(DerivedState state, OverrideTargetKind kind, string name)
    {
        var target = new OverrideTarget(kind, name);
        return state.Inputs.Overrides.ContainsKey(target)
            ? [new(new(SubjectKind.Override, target.ToString()), IsTroubled: true)]
            : [];
    }

    private static OverrideTarget? TargetOf(string name) =>
        Subject.TryParse(name, out var target)
        && Enum.TryParse<OverrideTargetKind>(target.Kind.ToString(), out var kind)
            ? new(kind, target.Name)
            : null;
}
