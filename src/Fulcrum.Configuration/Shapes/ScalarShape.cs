using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model.Validation;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Reads the text of a scalar. <paramref name="why"/> may say more than "this is not it".</summary>
internal delegate bool ParseText<T>(string text, [MaybeNullWhen(false)] out T value, out string? why);

/// <summary>A value that is written as one word or number.</summary>
internal sealed class ScalarShape<T>(string expected, ParseText<T> parse, Func<T, string> format) : Shape<T>
{
    public override string Expected => expected;

    /// <summary>What the schema calls it, when many keys hold such values.</summary>
    public string? Name { get; init; }

    /// <summary>ECMA-262 expression that every text matches in full; null: any text.</summary>
    public string? Pattern { get; init; }

    /// <summary>Other JSON types that are taken for their text: <c>integer</c>, <c>number</c>, <c>boolean</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Bounds of the JSON number.</summary>
    public long? Minimum { get; init; }

    public long? Maximum { get; init; }

    /// <summary>The words, when there are only these.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Takes out of a text what a message must not show.</summary>
    public Func<string, string>? Conceal { get; init; }

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode { IsBroken: false } scalar || (scalar.IsNull && scalar.Text.Length == 0))
        {
            return context.Fail(node, this);
        }

        if (parse(scalar.Text, out value, out var why))
        {
            return true;
        }

        var found = Conceal is null ? node.Found : $"'{ScalarNode.Shorten(Conceal(scalar.Text))}'";
        var suggestion = NearMiss.Of(scalar.Text, Words);
        return context.Fail(node, why is null ? $"found {found}" : $"{found}: {why}", expected, suggestion);
    }

    /// <summary>A text that stands alone, outside any document.</summary>
    public bool TryParse(string text, [MaybeNullWhen(false)] out T value) => parse(text, out value, out _);

    public override ConfigNode Write(T value) =>
        new ScalarNode(format(value), Types.Count > 0 ? ScalarStyle.Plain : ScalarStyle.Quoted);

    public override JsonObject Schema(SchemaBuilder builder) =>
        Name is null ? Definition(builder) : builder.Named(Name, () => Definition(builder));

    private JsonObject Definition(SchemaBuilder builder)
    {
        var schema = Name is null ? new JsonObject() : new JsonObject { ["description"] = expected };
        if (Words.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Words.Select(word => (JsonNode)JsonValue.Create(word))]);
            return SchemaBuilder.AnyOf(schema, builder.Variable());
        }

        schema["type"] =
            Types.Count == 0
                ? "string"
                : new JsonArray([.. Types.Append("string").Select(type => (JsonNode)JsonValue.Create(type))]);
        if (Minimum is { } minimum)
        {
            schema["minimum"] = minimum;
        }

        if (Maximum is { } maximum)
        {
            schema["maximum"] = maximum;
        }

        if (Pattern is not null)
        {
            schema["pattern"] = $"^({Pattern})$|{SchemaBuilder.VariablePattern}";
        }

        if (Examples.Count > 0)
        {
            schema["examples"] = new JsonArray([.. Examples.Select(example => (JsonNode)JsonValue.Create(example))]);
        }

        return schema;
    }
}
