using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model.Validation;

namespace Fulcrum.Configuration.Shapes;

/// <summary>An object of known keys as others see it.</summary>
internal interface IObjectShape
{
    string Name { get; }

    string Doc { get; }

    IEnumerable<KeyDescription> Keys { get; }
}

/// <summary>One key for the reference page. <paramref name="IsCase"/>: exactly one of these keys stands in the object.</summary>
internal sealed record KeyDescription(
    string Name,
    string Doc,
    Shape Shape,
    bool Required,
    bool IsCase,
    ConfigNode? Default
);

/// <summary>
/// An object of known keys. It starts from a blank (the model's own defaults) and each key that is there changes one
/// thing; writing compares with the same blank, so what is default is left out. Some of the keys may be cases:
/// exactly one of them stands in the object and says which kind it is.
/// </summary>
internal sealed class ObjectShape<T>(string name, string doc, T blank) : Shape<T>, IObjectShape
    where T : notnull
{
    private const int Shown = 8;

    private readonly List<Field<T>> _fields = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private ulong _required;
    private ulong _cases;

    public string Name => name;

    public string Doc => doc;

    public T Blank => blank;

    public override string Expected =>
        $"an object with {string.Join(", ", _fields.Take(Shown).Select(key => key.Name))}{(_fields.Count > Shown ? ", ..." : "")}";

    public override IEnumerable<Shape> Parts => _fields.Select(key => key.Shape);

    public IEnumerable<KeyDescription> Keys =>
        _fields.Select(
            (key, i) =>
                new KeyDescription(
                    key.Name,
                    key.Doc,
                    key.Shape,
                    key.Required,
                    (_cases & (1ul << i)) != 0,
                    key.Default(blank)
                )
        );

    /// <summary>A key that may be left out. A null value says that it was.</summary>
    public ObjectShape<T> Field<TValue>(
        string key,
        Shape<TValue> shape,
        Func<T, TValue?> get,
        Func<T, TValue, T> set,
        string about
    ) =>
        Add(
            new Field<T, TValue>(
                key,
                about,
                shape,
                value => get(value) is { } set ? (true, set) : (false, default!),
                set
            )
        );

    /// <summary>The same for numbers and other structures that may be absent.</summary>
    public ObjectShape<T> Optional<TValue>(
        string key,
        Shape<TValue> shape,
        Func<T, TValue?> get,
        Func<T, TValue, T> set,
        string about
    )
        where TValue : struct =>
        Add(
            new Field<T, TValue>(
                key,
                about,
                shape,
                value => get(value) is { } set ? (true, set) : (false, default),
                set
            )
        );

    public ObjectShape<T> Required<TValue>(
        string key,
        Shape<TValue> shape,
        Func<T, TValue> get,
        Func<T, TValue, T> set,
        string about
    )
    {
        _required |= 1ul << _fields.Count;
        return Add(new Field<T, TValue>(key, about, shape, value => (true, get(value)), set) { Required = true });
    }

    /// <summary>One of the keys of which exactly one must stand here. Null: another one does.</summary>
    public ObjectShape<T> Case<TValue>(
        string key,
        Shape<TValue> shape,
        Func<T, TValue?> get,
        Func<T, TValue, T> set,
        string about
    )
        where TValue : class
    {
        _cases |= 1ul << _fields.Count;
        return Field(key, shape, get, set, about);
    }

    /// <summary>All keys of a part stand among this object's own.</summary>
    public ObjectShape<T> Lift<TPart>(ObjectShape<TPart> part, Func<T, TPart> get, Func<T, TPart, T> set)
        where TPart : notnull
    {
        foreach (var field in part._fields)
        {
            Add(new LiftedField<T, TPart>(field, get, set));
        }

        return this;
    }

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        value = blank;
        if (node is not MappingNode mapping)
        {
            return node is ScalarNode { IsNull: true } ? Complete(node, 0, context) : context.Fail(node, this);
        }

        var good = true;
        var seen = 0ul;
        foreach (var entry in mapping.Entries)
        {
            context.Enter(entry.Key);
            if (_index.TryGetValue(entry.Key, out var i))
            {
                seen |= 1ul << i;
                good &= _fields[i].Read(entry.Value, context, ref value);
                context.Leave();
            }
            else
            {
                context.Leave();
                good = FailUnknown(entry, context);
            }
        }

        return Complete(node, seen, context) && good;
    }

    public override ConfigNode Write(T value)
    {
        var entries = new List<MappingEntry>();
        foreach (var field in _fields)
        {
            if (field.Write(value, blank) is { } node)
            {
                entries.Add(new(field.Name, default, node));
            }
        }

        return new MappingNode(entries);
    }

    public override JsonObject Schema(SchemaBuilder builder) => builder.Named(name, () => Definition(builder));

    public JsonObject Definition(SchemaBuilder builder)
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var property = key.Shape.Schema(builder);
            property["description"] = key.Doc;
            if (key.Default is ScalarNode scalar)
            {
                property["default"] = JsonWriter.ToJson(scalar);
            }

            properties[key.Name] = property;
        }

        var needsSome = (_required | _cases) != 0;
        var schema = new JsonObject
        {
            ["description"] = doc,
            ["type"] = needsSome ? "object" : new JsonArray("object", "null"),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (_required != 0)
        {
            schema["required"] = new JsonArray([.. Select(_required).Select(key => (JsonNode)JsonValue.Create(key))]);
        }

        if (_cases != 0)
        {
            schema["oneOf"] = new JsonArray([
                .. Select(_cases).Select(key => new JsonObject { ["required"] = new JsonArray(key) }),
            ]);
        }

        return schema;
    }

    private ObjectShape<T> Add(Field<T> field)
    {
        if (_fields.Count == 64)
        {
            throw new InvalidOperationException($"'{name}' has more keys than the bits of a mask");
        }

        _index.Add(field.Name, _fields.Count);
        _fields.Add(field);
        return this;
    }

    private bool Complete(ConfigNode node, ulong seen, ReadContext context)
    {
        var good = true;
        if ((_required & ~seen) != 0)
        {
            foreach (var key in Select(_required & ~seen))
            {
                good = context.Fail(node.Position, $"key '{key}' is missing", _fields[_index[key]].Shape.Expected);
            }
        }

        if (_cases != 0 && BitOperations.PopCount(_cases & seen) != 1)
        {
            var both = string.Join(" and ", Select(_cases & seen).Select(key => $"'{key}'"));
            good = context.Fail(
                node.Position,
                both.Length == 0 ? "none of the keys that say what it is" : $"{both} exclude each other",
                $"exactly one of {string.Join(", ", Select(_cases))}"
            );
        }

        return good;
    }

    private bool FailUnknown(MappingEntry entry, ReadContext context)
    {
        // Whoever writes max_connections means max-connections.
        var suggestion = NearMiss.Of(entry.Key.Replace('_', '-'), _index.Keys);
        return context.Fail(
            entry.KeyPosition,
            $"unknown key '{ScalarNode.Shorten(entry.Key)}'",
            suggestion is null ? $"one of {string.Join(", ", _index.Keys)}" : null,
            suggestion
        );
    }

    private IEnumerable<string> Select(ulong mask) =>
        _fields.Where((_, i) => (mask & (1ul << i)) != 0).Select(field => field.Name);
}
