using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Ports;

/// <summary>A plane cannot have what a table asks; nothing was changed.</summary>
public sealed class PlaneRefusedException(IReadOnlyList<Problem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>One for each listener that cannot be had; the path is <c>services.NAME.listen[I]</c>.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
