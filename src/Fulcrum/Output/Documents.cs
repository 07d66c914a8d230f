using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fulcrum.Configuration;

namespace Fulcrum.Output;

/// <summary>Documents of the node for programs.</summary>
internal static class Documents
{
    public static string Of(string document, string format) => Of(JsonNode.Parse(document)!, format);

    /// <param name="format"><c>json</c> or <c>yaml</c>.</param>
    public static string Of(JsonNode document, string format) =>
        format == "yaml" ? DataText.ToYaml(document) : Json(document, indented: true);

    /// <summary>On one line, for streams.</summary>
    public static string Line(JsonNode document) => Json(document, indented: false);

    private static string Json(JsonNode document, bool indented)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Indented = indented }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
