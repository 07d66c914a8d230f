using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

internal interface IListShape;

/// <summary>A list; one item may be written without the list around it, and nothing is the empty list.</summary>
internal sealed class ListShape<T>(Shape<T> item) : Shape<Items<T>>, IListShape
{
    public bool NeedsOne { get; init; }

    public override string Expected => $"{item.Expected}, or a list of such";

    public override IEnumerable<Shape> Parts => [item];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out Items<T> value)
    {
        value = default;
        if (node is ScalarNode { IsNull: true })
        {
            return !NeedsOne || context.Fail(node, this);
        }

        if (node is not SequenceNode list)
        {
            var read = item.TryRead(node, context, out var only);
            value = read ? new([only!]) : default;
            return read;
        }

        if (NeedsOne && list.Items.Count == 0)
        {
            return context.Fail(node, "found an empty list", Expected);
        }

        var items = ImmutableArray.CreateBuilder<T>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            context.Enter(i);
            if (item.TryRead(list.Items[i], context, out var element))
            {
                items.Add(element);
            }

            context.Leave();
        }

        var whole = items.Count == list.Items.Count;
        value = new(items.DrainToImmutable());
        return whole;
    }

    /// <summary>An object that is alone is written without the list too.</summary>
    public bool UnwrapsObjects { get; init; }

    public override ConfigNode Write(Items<T> value) =>
        value is [var only]
        && item.Write(only) is var node
        && (node is ScalarNode { IsNull: false } || (UnwrapsObjects && node is MappingNode))
            ? node
            : new SequenceNode([.. value.Select(item.Write)]);

    public override JsonObject Schema(SchemaBuilder builder)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.Schema(builder) };
        if (NeedsOne)
        {
            list["minItems"] = 1;
            return SchemaBuilder.AnyOf(item.Schema(builder), list);
        }

        return SchemaBuilder.AnyOf(item.Schema(builder), list, new JsonObject { ["type"] = "null" });
    }
}
