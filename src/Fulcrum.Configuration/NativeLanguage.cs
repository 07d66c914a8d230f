using System.Text.Json.Nodes;
using Fulcrum.Configuration.Language;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Shapes;

namespace Fulcrum.Configuration;

/// <summary>The native language described, for editors and people.</summary>
public static class NativeLanguage
{
    /// <summary>JSON schema, draft 2020-12.</summary>
    public static string Schema()
    {
        var builder = new SchemaBuilder();
        var root = SnapshotShape.Shape.Definition(builder);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Fulcrum configuration",
        };
        foreach (var (key, value) in root)
        {
            schema[key] = value?.DeepClone();
        }

        schema["$defs"] = builder.Definitions();
        return JsonWriter.Write(schema);
    }

    /// <summary>What holds where a key is left out: 1 for <c>upstreams</c>, NAME, <c>backends</c>, <c>weight</c>. Null: nothing.</summary>
    public static JsonNode? DefaultOf(params ReadOnlySpan<string> path) =>
        DefaultSearch.Find(SnapshotShape.Shape, path) is { } found ? JsonWriter.ToJson(found) : null;

    /// <summary>Every object with its keys, as Markdown.</summary>
    public static string ReferencePage() => Shapes.ReferencePage.Write(SnapshotShape.Shape);
}
