using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Finds what holds where a key is left out.</summary>
internal static class DefaultSearch
{
    /// <param name="path">Keys from the top; what is an item of a list has no key of its own.</param>
    /// <returns>Null: nothing holds then, or there is no such key.</returns>
    public static ConfigNode? Find(Shape shape, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return null;
        }

        if (shape is IMapShape map)
        {
            return Find(map.Value, path[1..]);
        }

        if (shape is IObjectShape item)
        {
            foreach (var key in item.Keys)
            {
                if (key.Name == path[0])
                {
                    return path.Length == 1 ? key.Default : Find(key.Shape, path[1..]);
                }
            }

            return null;
        }

        foreach (var part in shape.Parts)
        {
            if (Find(part, path) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
