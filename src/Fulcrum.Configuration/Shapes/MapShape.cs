using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>A shape whose keys are names that the user chose; two files may each bring some.</summary>
internal interface IMapShape
{
    Shape Value { get; }

    string KeyExpected { get; }
}

/// <summary>An object whose keys are free: names, labels, fields.</summary>
internal sealed class MapShape<TMap, T>(
    ScalarShape<string> key,
    Shape<T> value,
    Func<IReadOnlyList<KeyValuePair<string, T>>, TMap> make,
    Func<TMap, IEnumerable<KeyValuePair<string, T>>> pairs
) : Shape<TMap>, IMapShape
    where TMap : notnull
{
    public override string Expected => "an object of names and what they stand for";

    public override IEnumerable<Shape> Parts => [value];

    public Shape Value => value;

    public string KeyExpected => key.Expected;

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out TMap map)
    {
        map = default;
        if (node is ScalarNode { IsNull: true })
        {
            map = make([]);
            return true;
        }

        if (node is not MappingNode mapping)
        {
            return context.Fail(node, this);
        }

        var read = new List<KeyValuePair<string, T>>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
        {
            context.Enter(entry.Key);
            var isKey = key.TryRead(new ScalarNode(entry.Key, ScalarStyle.Quoted, entry.KeyPosition), context, out _);
            if (value.TryRead(entry.Value, context, out var item) && isKey)
            {
                read.Add(new(entry.Key, item));
            }

            context.Leave();
        }

        map = make(read);
        return read.Count == mapping.Entries.Count;
    }

    public override ConfigNode Write(TMap map) =>
        new MappingNode([.. pairs(map).Select(pair => new MappingEntry(pair.Key, default, value.Write(pair.Value)))]);

    public override JsonObject Schema(SchemaBuilder builder)
    {
        var schema = new JsonObject
        {
            ["type"] = new JsonArray("object", "null"),
            ["additionalProperties"] = value.Schema(builder),
        };
        if (key.Pattern is not null)
        {
            schema["propertyNames"] = new JsonObject { ["pattern"] = $"^({key.Pattern})$" };
        }

        return schema;
    }
}

internal static class Maps
{
    /// <summary>All objects of one kind, by name.</summary>
    /// <param name="name">Gives the object its name.</param>
    public static MapShape<Named<T>, T> Named<T>(Shape<T> value, Func<T, string, T> name)
        where T : class, INamed =>
        new(
            Scalars.Name,
            value,
            pairs => Fulcrum.Model.Values.Named<T>.From(pairs.Select(pair => name(pair.Value, pair.Key))),
            map => map.Select(item => KeyValuePair.Create(item.Name, item))
        );

    public static MapShape<Labels, string> Labels { get; } =
        new(Scalars.Word, Scalars.FreeText, Fulcrum.Model.Values.Labels.From, labels => labels);

    /// <summary>HTTP headers: a value is one line, so that it cannot bring another header.</summary>
    public static MapShape<Labels, string> Headers { get; } =
        new(Scalars.Word, Scalars.Line, Fulcrum.Model.Values.Labels.From, labels => labels);
}
