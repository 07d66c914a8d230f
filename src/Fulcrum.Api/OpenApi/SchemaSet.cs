using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Fulcrum.Api.OpenApi;

/// <summary>Documents as JSON schemas, each once under its name, with what the sources say about their fields.</summary>
internal sealed class SchemaSet(DocumentationFile documentation)
{
    private const string Root = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    public IDictionary<string, JsonNode> All => _schemas;

    /// <summary>A reference to the schema of a document.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonNode))
        {
            return [];
        }

        var name = NameOf(type.Type);
        if (!_schemas.ContainsKey(name))
        {
            // First the name: a document may hold its like.
            _schemas[name] = new JsonObject();
            _schemas[name] = Export(type);
        }

        return new() { ["$ref"] = Root + name };
    }

    public JsonObject Written()
    {
        var written = new JsonObject();
        foreach (var (name, schema) in _schemas)
        {
            written[name] = schema;
        }

        return written;
    }

    private JsonNode Export(JsonTypeInfo type) =>
        type.Options.GetJsonSchemaAsNode(
            type.Type,
            new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Refer }
        );

    private JsonObject Refer(JsonSchemaExporterContext context, JsonNode schema)
    {
        var isRoot = context.Path.Length == 0;
        var isOurs = context.TypeInfo is { Kind: JsonTypeInfoKind.Object, Type: var type } && IsOurs(type);
        var result = isOurs && !isRoot ? Of(context.TypeInfo) : schema;
        // "true": anything.
        var described = result as JsonObject ?? [];
        AllowLeavingOut(described);
        var text =
            context.PropertyInfo?.AttributeProvider is PropertyInfo property ? documentation.Of(property)
            : isRoot ? documentation.Of(context.TypeInfo.Type)
            : null;
        if (text is not null)
        {
            described["description"] = text;
        }

        return described;
    }

    // What is null is not written.
    private static void AllowLeavingOut(JsonObject schema)
    {
        if (schema["required"] is JsonArray required)
        {
            var properties = schema["properties"]!.AsObject();
            required.RemoveAll(name =>
                properties[(string)name!] is JsonObject property
                && property["type"] is JsonArray types
                && types.Any(type => (string?)type == "null")
            );
        }
    }

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith(nameof(Fulcrum) + ".", StringComparison.Ordinal) == true;

    private static string NameOf(Type type)
    {
        const string document = "Document";
        var name = type.IsGenericType ? NameOf(type.GetGenericArguments()[0]) + "List" : type.Name;
        return name.EndsWith(document, StringComparison.Ordinal) ? name[..^document.Length] : name;
    }
}
