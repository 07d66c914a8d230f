using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class NodeAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        var inputs = state.Inputs;
        var node = inputs.Snapshot.Nodes.Find(subject.Name);
        var isThis = subject.Name == inputs.Node;
        if (node is null && !isThis)
        {
            return null;
        }

        var decision = inputs.Overrides[new(OverrideTargetKind.Node, subject.Name)]?.Action;
        return new()
        {
            Subject = subject,
            State = decision switch
            {
                OverrideAction.Disable => "disabled",
                OverrideAction.Drain => "drained",
                OverrideAction.Enable => "enabled",
                _ => node is { Enabled: false } ? "disabled" : "enabled",
            },
            Reasons = Items.From(ReasonsOf(state, node is { Enabled: false }, isThis)),
            Parts = Items.From(OverrideAccount.About(state, OverrideTargetKind.Node, subject.Name)),
        };
    }

    private static IEnumerable<string> ReasonsOf(DerivedState state, bool isOffInFile, bool isThis)
    {
        yield return isThis ? "this node" : "another node";
        if (isOffInFile)
        {
            yield return "disabled in its configuration";
        }

        // What other nodes are, they know themselves.
        foreach (
            var (announcement, held) in state
                .Inputs.Roles.Where(_ => isThis)
                .OrderBy(held => held.Key, StringComparer.Ordinal)
        )
        {
            yield return $"{Words.Of(held.Role)} for announcement/{announcement} since {Words.Of(held.Since)}";
        }
    }
}
