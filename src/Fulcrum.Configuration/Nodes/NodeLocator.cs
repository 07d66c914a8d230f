using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// Finds where in the text a path such as <c>services.web.listen[0]</c> leads. Short forms leave out lists and
/// objects; a path that leads beyond what was written ends at the last thing that was.
/// </summary>
internal static class NodeLocator
{
    public static SourcePosition Find(ConfigNode root, Items<PathSegment> path)
    {
        var node = root;
        var position = root.Position;
        foreach (var segment in path)
        {
            if (segment.Key is { } key)
            {
                if (node is SequenceNode)
                {
                    continue;
                }

                if ((node as MappingNode)?.Find(key) is not { } entry)
                {
                    break;
                }

                (node, position) = (entry.Value, entry.KeyPosition);
            }
            else if (node is SequenceNode list)
            {
                if (segment.Index >= list.Items.Count)
                {
                    break;
                }

                node = list.Items[segment.Index];
                position = node.Position;
            }
        }

        return position;
    }
}
