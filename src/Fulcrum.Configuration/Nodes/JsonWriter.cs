using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fulcrum.Configuration.Nodes;

/// <summary>Nodes to JSON text.</summary>
internal static class JsonWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // The text goes to files and terminals, not into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(ConfigNode node) => Write(ToJson(node)!);

    public static string Write(JsonNode json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            json.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)) + "\n";
    }

    public static JsonNode? ToJson(ConfigNode node) =>
        node switch
        {
            MappingNode mapping => new JsonObject(
                mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))
            ),
            SequenceNode list => new JsonArray([.. list.Items.Select(ToJson)]),
            ScalarNode { IsNull: true } => null,
            ScalarNode { Style: ScalarStyle.Plain, Text: "true" or "false" } scalar => JsonValue.Create(
                scalar.Text == "true"
            ),
            ScalarNode { Style: ScalarStyle.Plain } scalar => Number(scalar.Text)
                ?? JsonValue.Create(Expansion.Escape(scalar.Text)),
            _ => JsonValue.Create(Expansion.Escape(((ScalarNode)node).Text)),
        };

    private static JsonValue? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
        && integer.ToString(CultureInfo.InvariantCulture) == text
            ? JsonValue.Create(integer)
            : null;
}
