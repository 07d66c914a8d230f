using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Problems;

namespace Fulcrum.Hosting;

/// <summary>A configuration file as it was found.</summary>
/// <param name="Snapshot">Null when something is wrong.</param>
/// <param name="Problems">Errors and warnings, with positions.</param>
/// <param name="Missing">What the file asks for that this version cannot carry out; warnings to who only reads it.</param>
internal sealed record SnapshotFile(Snapshot? Snapshot, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Missing)
{
    public int ErrorCount => Problems.Count(problem => problem.Severity == Severity.Error);

    public static SnapshotFile Read(string path)
    {
        var loaded = SnapshotLoader.Load(path);
        if (loaded.Snapshot is not { } snapshot)
        {
            return new(null, loaded.Problems, []);
        }

        return new(snapshot, loaded.Problems, [.. Capabilities.Missing(snapshot).Select(loaded.Place)]);
    }

    /// <summary>All that keeps this file from being run as this node; empty when nothing does.</summary>
    public IReadOnlyList<Problem> WhyNotRun(string node)
    {
        if (Snapshot is null)
        {
            return [.. Problems.Where(problem => problem.Severity == Severity.Error)];
        }

        if (Snapshot.Nodes.Count > 0 && Snapshot.Nodes.Find(node) is null)
        {
            var names = string.Join(", ", Snapshot.Nodes.Select(item => item.Name));
            return
            [
                new()
                {
                    Path = "nodes",
                    Message = $"there is no node '{node}'",
                    Expected = $"one of {names}: say which with --node NAME",
                },
            ];
        }

        if (Snapshot.Nodes.Find(node) is { Enabled: false })
        {
            return
            [
                new()
                {
                    Path = $"nodes.{node}.enabled",
                    Message = "this node takes no part",
                    Expected = "true",
                },
            ];
        }

        return [.. Missing.Where(problem => problem.Severity == Severity.Error)];
    }
}
