using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>A shape that stands inside itself, by way of something that is made later.</summary>
internal sealed class DeferredShape<T>(Func<Shape<T>> shape) : Shape<T>
{
    public override string Expected => shape().Expected;

    public override IEnumerable<Shape> Parts => [shape()];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value) =>
        shape().TryRead(node, context, out value);

    public override ConfigNode Write(T value) => shape().Write(value);

    public override JsonObject Schema(SchemaBuilder builder) => shape().Schema(builder);
}
