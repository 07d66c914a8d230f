using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Any text. Nothing after the key is no text; an empty one is written in quotes.</summary>
internal sealed class TextShape(string expected) : Shape<string>
{
    public override string Expected => expected;

    /// <summary>A number or a truth value is taken for its text.</summary>
    public bool TakesNumbers { get; init; }

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out string value)
    {
        var scalar = node as ScalarNode;
        value = scalar?.Text;
        return scalar is { IsNull: false } || context.Fail(node, this);
    }

    public override ConfigNode Write(string value) => new ScalarNode(value, ScalarStyle.Quoted);

    public override JsonObject Schema(SchemaBuilder builder) =>
        new() { ["type"] = TakesNumbers ? new JsonArray("string", "number", "boolean") : "string" };
}
