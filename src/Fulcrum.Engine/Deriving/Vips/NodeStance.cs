using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>This node among the others: whether it takes part, and who has what nothing elects a node for.</summary>
internal sealed record NodeStance
{
    public required string Name { get; init; }

    /// <summary>Null: the snapshot does not know this node.</summary>
    public required Labels? Labels { get; init; }

    /// <summary>Why it takes no part; null: it does.</summary>
    public required Reason? Off { get; init; }

    /// <summary>The one of several nodes that has what nothing elects a node for; null: there is no choice.</summary>
    public required string? Preferred { get; init; }

    /// <summary>When an operator's decision about a node expires.</summary>
    public required DateTimeOffset? WakeAt { get; init; }

    public static NodeStance Of(EngineInputs inputs, DateTimeOffset now)
    {
        var nodes = inputs.Snapshot.Nodes;
        var self = nodes.Find(inputs.Node);
        var enabled = ((IEnumerable<Node>)nodes).Where(node => WhyOff(inputs, node.Name, node, now) is null).ToList();
        return new()
        {
            Name = inputs.Node,
            Labels = self?.Labels,
            Off = inputs.Stopping ? new NodeStops(inputs.Node) : WhyOff(inputs, inputs.Node, self, now),
            Preferred = enabled.Count > 1 ? enabled.MaxBy(node => node.Priority ?? int.MinValue)!.Name : null,
            WakeAt = ((IEnumerable<Node>)nodes)
                .Select(node => node.Name)
                .Append(inputs.Node)
                .Min(name => InForce(inputs, name, now)?.Expires),
        };
    }

    /// <summary>What an announcement says of nodes means this one, too.</summary>
    public bool IsMeantBy(Selector nodes) => Labels is { } labels ? nodes.Matches(labels) : nodes.Terms.IsEmpty;

    private static Reason? WhyOff(EngineInputs inputs, string name, Node? node, DateTimeOffset now) =>
        InForce(inputs, name, now) switch
        {
            { Action: OverrideAction.Disable or OverrideAction.Drain } decision => new NodeTakenOut(decision),
            { Action: OverrideAction.Enable } => null,
            _ => node is { Enabled: false } ? new NodeDisabled(name) : null,
        };

    private static Override? InForce(EngineInputs inputs, string name, DateTimeOffset now) =>
        inputs.Overrides[new(OverrideTargetKind.Node, name)] is { } decision && !(decision.Expires <= now)
            ? decision
            : null;
}
