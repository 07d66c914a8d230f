using System.Text.Json.Nodes;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// Where a part of the configuration reaches beyond traffic: programs that the node would run with its rights, files
/// and variables that it would read, files that it would write.
/// </summary>
internal static class Reach
{
    private static readonly HashSet<string> Keys = new(StringComparer.Ordinal)
    {
        "exec",
        "run",
        "file",
        "env",
        "key",
        "certificate",
        "certificates",
        "authorities",
        "client-authorities",
        "verify",
        "access-log",
    };

    /// <summary>One place and what stands there; equal where both are.</summary>
    public sealed record Place(string Key, string Value);

    public static HashSet<Place> Of(JsonNode part)
    {
        var places = new HashSet<Place>();
        Add(part, places);
        return places;
    }

    private static void Add(JsonNode? node, HashSet<Place> places)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members)
                {
                    if (Keys.Contains(key) && !IsWord(value))
                    {
                        places.Add(new(key, value?.ToJsonString() ?? "null"));
                    }

                    Add(value, places);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Add(item, places);
                }

                break;
        }
    }

    // verify: system, access-log: true: nothing of the caller's choosing is read or written.
    private static bool IsWord(JsonNode? value) =>
        value is JsonValue word
        && (word.TryGetValue<bool>(out _) || (word.TryGetValue<string>(out var text) && text is "system" or "off"));
}
