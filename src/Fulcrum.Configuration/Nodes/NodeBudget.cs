using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>Counts what the readers of one load make, and stops them at the bounds.</summary>
internal sealed class NodeBudget(NodeLimits limits)
{
    public NodeLimits Limits { get; } = limits;

    public int Nodes { get; private set; }

    public void Spend(int nodes, SourcePosition position)
    {
        if (nodes > Limits.Nodes - Nodes)
        {
            throw new NodeException(position, $"more than {Limits.Nodes} values (YAML aliases count in full)");
        }

        Nodes += nodes;
    }

    public void CheckDepth(int depth, SourcePosition position)
    {
        if (depth > Limits.Depth)
        {
            throw new NodeException(position, $"nested more than {Limits.Depth} levels deep");
        }
    }
}
