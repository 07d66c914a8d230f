using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;

namespace Fulcrum.Engine.Sources;

/// <summary>What says who we are and how everything else is read: only a file may.</summary>
internal static class FileOnly
{
    private const string Nodes = "nodes";

    /// <summary>The parts that this source may not bring.</summary>
    public static IEnumerable<Finding> Broken(Source source, Snapshot content)
    {
        if (source.Kind == SourceKind.File)
        {
            return [];
        }

        var keys = SnapshotSingle.All.Where(single => single.IsSet(content)).Select(single => single.Key);
        return (content.Nodes.Count > 0 ? keys.Append(Nodes) : keys).Select(key =>
            Entry.ErrorAt(new(key, ""), $"comes only from a file, not from {source}")
        );
    }

    public static bool Holds(Entry entry) => entry.Section.Key == Nodes;
}
