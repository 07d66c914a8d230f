using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Problems;

/// <summary>A key of a mapping, or an index of a list (then <see cref="Key"/> is null).</summary>
public readonly record struct PathSegment(string? Key, int Index);

/// <summary>The way to an object or field in the words of the language: <c>services.web.listen[0]</c>.</summary>
public sealed record ModelPath(Items<PathSegment> Segments)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var segment in Segments)
        {
            if (segment.Key is not { } key)
            {
                text.Append('[').Append(segment.Index).Append(']');
            }
            else if (key.AsSpan().IndexOfAny('.', '[', ' ') >= 0)
            {
                text.Append("[\"").Append(key).Append("\"]");
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(key);
            }
        }

        return text.ToString();
    }
}
