using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// Finds where in the text a path such as <c>services.web.listen[0]</c> leads. Names may hold dots, so the
/// longest key that fits is taken; a path that leads beyond what was written ends at the last thing that was.
/// </summary>
internal static class NodeLocator
{
    public static SourcePosition Find(ConfigNode root, string path)
    {
        var node = root;
        var position = root.Position;
        var rest = path.AsSpan();
        while (!rest.IsEmpty)
        {
            if (rest[0] == '[')
            {
                var end = rest.IndexOf(']');
                if (end < 0 || !int.TryParse(rest[1..end], out var index))
                {
                    break;
                }

                // A single item may stand without its list.
                if (node is SequenceNode list)
                {
                    if (index < 0 || index >= list.Items.Count)
                    {
                        break;
                    }

                    node = list.Items[index];
                    position = node.Position;
                }

                rest = rest[(end + 1)..];
            }
            else
            {
                rest = rest[0] == '.' ? rest[1..] : rest;
                if (node is not MappingNode mapping || LongestKey(mapping, rest) is not { } entry)
                {
                    break;
                }

                node = entry.Value;
                position = entry.KeyPosition;
                rest = rest[entry.Key.Length..];
            }
        }

        return position;
    }

    private static MappingEntry? LongestKey(MappingNode mapping, ReadOnlySpan<char> path)
    {
        MappingEntry? best = null;
        foreach (var entry in mapping.Entries)
        {
            if (
                path.StartsWith(entry.Key)
                && (path.Length == entry.Key.Length || path[entry.Key.Length] is '.' or '[')
                && entry.Key.Length >= (best?.Key.Length ?? 1)
            )
            {
                best = entry;
            }
        }

        return best;
    }
}
