using System.Text;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>The description of a language as Markdown: one section for each object, in the order in which they are met.</summary>
internal static class ReferencePage
{
    public static string Write(Shape root)
    {
        var objects = new List<IObjectShape>();
        Collect(root, objects, []);
        var text = new StringBuilder("# Configuration reference\n");
        foreach (var item in objects)
        {
            text.Append($"\n## {item.Name}\n\n{item.Doc}\n\n| key | value | default | |\n|---|---|---|---|\n");
            foreach (var key in item.Keys)
            {
                var fallback =
                    key.Required ? "required"
                    : key.IsCase ? "one of these"
                    : key.Default is ScalarNode scalar ? $"`{scalar.Text}`"
                    : "";
                text.Append($"| `{key.Name}` | {Escape(Value(key.Shape))} | {fallback} | {Escape(key.Doc)} |\n");
            }
        }

        return text.ToString();
    }

    private static void Collect(Shape shape, List<IObjectShape> objects, HashSet<Shape> seen)
    {
        if (!seen.Add(shape))
        {
            return;
        }

        if (shape is IObjectShape item && objects.TrueForAll(other => other.Name != item.Name))
        {
            objects.Add(item);
        }

        foreach (var part in shape.Parts)
        {
            Collect(part, objects, seen);
        }
    }

    // Objects by a link to their section, scalars by what error messages call them.
    private static string Value(Shape shape)
    {
        if (shape is IObjectShape item)
        {
            return $"[{item.Name}](#{item.Name})";
        }

        var parts = shape.Parts.Select(Value).ToList();
        return shape switch
        {
            IMapShape map => $"{map.KeyExpected}: {Value(map.Value)}",
            IListShape => $"{parts[0]}, or a list of such",
            _ => parts.Count == 0 ? shape.Expected : string.Join(", or ", parts.Distinct()),
        };
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
