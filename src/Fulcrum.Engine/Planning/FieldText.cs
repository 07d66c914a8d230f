using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Planning;

/// <summary>
/// Values for people. The model holds no secrets, but people put credentials into headers and variables of checks all
/// the same: what stands under such a name is not shown.
/// </summary>
internal static class FieldText
{
    private const string Concealed = "(concealed)";
    private const int Longest = 200;

    private static readonly SearchValues<string> Confidential = SearchValues.Create(
        ["authorization", "cookie", "password", "passwd", "secret", "token", "credential", "api-key", "apikey"],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? Of(JsonNode? value, IReadOnlyList<PathSegment> path)
    {
        if (value is null)
        {
            return null;
        }

        var isConfidential = path.Count > 0 && IsConfidential(path[^1].Key);
        var shown = Shown(value, isConfidential);
        var isPlain = shown.GetValueKind() == JsonValueKind.String && IsPlain(shown.GetValue<string>());
        var text = isPlain ? shown.GetValue<string>() : Json(shown);
        return text.Length > Longest ? $"{text.AsSpan(0, Longest)}…" : text;
    }

    // Where a secret is kept is an object, and may be shown; only what could be one itself may not.
    private static JsonNode Shown(JsonNode value, bool isConfidential) =>
        value switch
        {
            JsonObject item => new JsonObject(
                item.Select(field =>
                    KeyValuePair.Create(
                        field.Key,
                        field.Value is null ? null : Shown(field.Value, IsConfidential(field.Key))
                    )
                )
            ),
            JsonArray list => new JsonArray([
                .. list.Select(item => item is null ? null : Shown(item, isConfidential)),
            ]),
            _ when isConfidential => JsonValue.Create(Concealed),
            _ => value.DeepClone(),
        };

    private static bool IsConfidential(string? key) => key.AsSpan().IndexOfAny(Confidential) >= 0;

    private static bool IsPlain(string text) => text.Length > 0 && !text.Any(char.IsControl) && text.Trim() == text;

    private static string Json(JsonNode value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
