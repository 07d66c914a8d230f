using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>The same text for another type.</summary>
internal sealed class MappedShape<TInner, T>(Shape<TInner> inner, Func<TInner, T> make, Func<T, TInner> unmake)
    : Shape<T>
{
    public override string Expected => inner.Expected;

    public override IEnumerable<Shape> Parts => [inner];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        var read = inner.TryRead(node, context, out var raw);
        value = read ? make(raw!) : default;
        return read;
    }

    public override ConfigNode Write(T value) => inner.Write(unmake(value));

    public override JsonObject Schema(SchemaBuilder builder) => inner.Schema(builder);
}
