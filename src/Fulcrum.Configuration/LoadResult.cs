using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;

namespace Fulcrum.Configuration;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Snapshot">Null when there is an error among the problems.</param>
/// <param name="Problems">Errors and warnings in the order of the text; at most a few hundred, the rest is counted.</param>
/// <param name="Sources">Paths of the files that were read, the first one first.</param>
public sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems, IReadOnlyList<string> Sources)
{
    internal Func<Finding, Problem> Placed { get; init; } = finding => finding.ToProblem(null);

    /// <summary>What a further rule found in the snapshot, at its place in the text.</summary>
    public Problem Place(Finding finding) => Placed(finding);
}
