using System.Text.Json.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Collects the named shapes of a schema under <c>$defs</c>, each once; recursion ends there.</summary>
internal sealed class SchemaBuilder
{
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    /// <summary>Part of every pattern and enumeration: a text that holds a variable may become anything.</summary>
    public const string VariablePattern = @"\$\{";

    public JsonObject Named(string name, Func<JsonObject> make)
    {
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = [];
            _definitions[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    /// <summary>Reference to "a text with a variable in it".</summary>
    public JsonObject Variable() =>
        Named(
            "variable",
            () =>
                new JsonObject
                {
                    ["description"] = "A text with an environment variable in it: ${NAME} or ${NAME:-default}",
                    ["type"] = "string",
                    ["pattern"] = VariablePattern,
                }
        );

    public JsonObject Definitions()
    {
        var all = new JsonObject();
        foreach (var (name, schema) in _definitions)
        {
            all[name] = schema;
        }

        return all;
    }

    public static JsonObject AnyOf(params IEnumerable<JsonObject> schemas)
    {
        var alternatives = new JsonArray();
        foreach (var schema in schemas)
        {
            // Alternatives of alternatives are one list of alternatives.
            if (schema is { Count: 1 } && schema["anyOf"] is JsonArray inner)
            {
                foreach (var item in inner)
                {
                    AddOnce(alternatives, item!);
                }
            }
            else
            {
                AddOnce(alternatives, schema);
            }
        }

        return alternatives is [JsonObject only]
            ? only.DeepClone().AsObject()
            : new JsonObject { ["anyOf"] = alternatives };
    }

    private static void AddOnce(JsonArray list, JsonNode schema)
    {
        if (!list.Any(present => JsonNode.DeepEquals(present, schema)))
        {
            list.Add(schema.DeepClone());
        }
    }
}
