using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fulcrum.Engine.History;

/// <summary>What is written beside a configuration.</summary>
internal static class HistoryText
{
    public static string Write(HistoryEntry entry) => JsonSerializer.Serialize(entry, HistoryJson.Default.HistoryEntry);

    /// <summary>Null: not understood.</summary>
    public static HistoryEntry? Read(int number, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, HistoryJson.Default.HistoryEntry) is { } entry
                ? entry with
                {
                    Number = number,
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class HistoryJson : JsonSerializerContext;
