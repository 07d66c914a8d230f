using System.Text;
using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// A text that was read but not understood yet: objects, lists and scalars with the place where each stands.
/// YAML and JSON both become this tree, and the shapes (see <see cref="Shapes"/>) give it meaning. A scalar keeps its
/// text: whether <c>none</c>, <c>1e3</c> or <c>53</c> is a word or a number is for the shape to say, so YAML's
/// guesses about types do no harm here.
/// </summary>
internal abstract class ConfigNode(SourcePosition position)
{
    public SourcePosition Position { get; } = position;

    /// <summary>What an error message calls it.</summary>
    public abstract string Found { get; }
}

internal enum ScalarStyle
{
    /// <summary>A YAML plain scalar; a JSON number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    Plain,

    /// <summary>Anything that is certainly text.</summary>
    Quoted,
}

/// <param name="isBroken">What is wrong with it was said already: a variable in it has no value.</param>
internal sealed class ScalarNode(
    string text,
    ScalarStyle style,
    SourcePosition position = default,
    bool isBroken = false
) : ConfigNode(position)
{
    public string Text { get; } = text;

    public ScalarStyle Style { get; } = style;

    public bool IsBroken => isBroken;

    /// <summary>Nothing was written after the key.</summary>
    public bool IsNull => Style == ScalarStyle.Plain && Text is "" or "~" or "null";

    public override string Found => IsNull ? "nothing" : $"'{Shorten(Text)}'";

    /// <summary>Text as it may stand in a message: one line, not too long.</summary>
    public static string Shorten(string text, int longest = 60)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= longest)
            {
                return shown.Append("...").ToString();
            }

            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}

internal sealed class SequenceNode(IReadOnlyList<ConfigNode> items, SourcePosition position = default)
    : ConfigNode(position)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Found => "a list";
}

/// <summary>A key and its value.</summary>
internal readonly record struct MappingEntry(string Key, SourcePosition KeyPosition, ConfigNode Value);

/// <summary>An object. Its keys are unique, in the order written.</summary>
internal sealed class MappingNode(IReadOnlyList<MappingEntry> entries, SourcePosition position = default)
    : ConfigNode(position)
{
    public IReadOnlyList<MappingEntry> Entries { get; } = entries;

    public override string Found => "an object";

    public MappingEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }
}
