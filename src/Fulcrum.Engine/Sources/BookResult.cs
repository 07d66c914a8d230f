using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>How a change that is made whole or not at all ended.</summary>
/// <param name="Book">Null: it was refused, and nothing has changed.</param>
/// <param name="Findings">Why it was refused; who read the text knows the place of each.</param>
public sealed record BookResult(SourceBook? Book, Items<Finding> Findings)
{
    /// <summary>It was refused because somebody else came first: who looks again may have more luck.</summary>
    public bool IsOutrun { get; init; }

    public IReadOnlyList<Problem> Problems => [.. Findings.Select(finding => finding.ToProblem(null))];
}
