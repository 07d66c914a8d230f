using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;

namespace Fulcrum.Hosting;

/// <summary>A configuration file as it was found.</summary>
/// <param name="Snapshot">Null when something is wrong.</param>
/// <param name="Problems">Errors and warnings, with positions.</param>
/// <param name="Missing">What the file asks for that this version cannot carry out; warnings to who only reads it.</param>
internal sealed record SnapshotFile(Snapshot? Snapshot, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Missing)
{
    /// <summary>Where in the text a finding belongs.</summary>
    public required Func<Finding, Problem> Place { get; init; }

    public int ErrorCount => Problems.Count(problem => problem.Severity == Severity.Error);

    public static SnapshotFile Read(string path)
    {
        var loaded = SnapshotLoader.Load(path);
        if (loaded.Snapshot is not { } snapshot)
        {
            return new(null, loaded.Problems, []) { Place = loaded.Place };
        }

        return new(snapshot, loaded.Problems, [.. Capabilities.Missing(snapshot).Select(loaded.Place)])
        {
            Place = loaded.Place,
        };
    }

    /// <summary>All that keeps this file from being run as this node; empty when nothing does.</summary>
    public IReadOnlyList<Problem> WhyNotRun(string node) =>
        Snapshot is null
            ? [.. Problems.Where(problem => problem.Severity == Severity.Error)]
            : [.. Capabilities.WhyNotRun(Snapshot, node).Select(Place)];
}
