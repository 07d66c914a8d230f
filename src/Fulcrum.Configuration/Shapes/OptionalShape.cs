using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>A value, or nothing after the colon.</summary>
internal sealed class OptionalShape<T>(Shape<T> inner) : Shape<T?>
    where T : class
{
    public override string Expected => $"{inner.Expected}, or nothing";

    public override IEnumerable<Shape> Parts => [inner];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T? value)
    {
        value = null;
        return node is ScalarNode { IsNull: true } || inner.TryRead(node, context, out value);
    }

    public override ConfigNode Write(T? value) =>
        value is null ? new ScalarNode("", ScalarStyle.Plain) : inner.Write(value);

    public override JsonObject Schema(SchemaBuilder builder) =>
        SchemaBuilder.AnyOf(inner.Schema(builder), new JsonObject { ["type"] = "null" });
}
