using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>Reading cannot go on after this problem. Never leaves the readers.</summary>
internal sealed class NodeException(Problem problem) : Exception(problem.Message)
{
    public NodeException(SourcePosition position, string message, string? expected = null)
        : this(
            new Problem
            {
                Position = position,
                Message = message,
                Expected = expected,
            }
        ) { }

    public Problem Problem { get; } = problem;
}
