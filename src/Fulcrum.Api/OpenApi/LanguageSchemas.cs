using System.Text.Json.Nodes;
using Fulcrum.Api.Configuring;
using Fulcrum.Configuration;

namespace Fulcrum.Api.OpenApi;

/// <summary>The configuration language's own schema, as a part of the document.</summary>
internal sealed class LanguageSchemas
{
    private const string Prefix = "language.";
    private const string Definitions = "#/$defs/";

    private readonly JsonObject _root;

    /// <param name="schemas">Where what the language defines goes.</param>
    public LanguageSchemas(IDictionary<string, JsonNode> schemas)
    {
        var schema = JsonNode.Parse(NativeLanguage.Schema())!.AsObject();
        foreach (var (name, definition) in schema["$defs"]!.AsObject())
        {
            schemas[Prefix + name] = Moved(definition!)!;
        }

        schema.Remove("$defs");
        schema.Remove("$schema");
        _root = Moved(schema)!.AsObject();
        schemas[Prefix + "configuration"] = _root;
    }

    /// <param name="part"><c>configuration</c>, what it calls a part of it, or <c>*</c>: an object of any kind.</param>
    public JsonObject Of(string part) =>
        part == "*"
            ? new()
            {
                ["anyOf"] = new JsonArray([
                    .. ConfigurationPart.Kinds.Select(kind =>
                        _root["properties"]![kind]!["additionalProperties"]!.DeepClone()
                    ),
                ]),
            }
            : Reference(part);

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{Prefix}{name}" };

    private static JsonNode? Moved(JsonNode? node) =>
        node switch
        {
            JsonObject one => new JsonObject(one.Select(pair => KeyValuePair.Create(pair.Key, Moved(pair.Value)))),
            JsonArray many => new JsonArray([.. many.Select(Moved)]),
            JsonValue value
                when value.TryGetValue<string>(out var text)
                    && text.StartsWith(Definitions, StringComparison.Ordinal) =>
                $"#/components/schemas/{Prefix}{text[Definitions.Length..]}",
            _ => node?.DeepClone(),
        };
}
