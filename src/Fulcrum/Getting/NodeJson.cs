using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Api;
using Fulcrum.Hosting;

namespace Fulcrum.Getting;

/// <summary>The API's documents as a reader takes them: a newer node may say more than this version knows.</summary>
internal static class NodeJson
{
    public static ApiJson Lenient { get; } =
        new(
            new JsonSerializerOptions(ApiJson.Default.Options)
            {
                UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            }
        );

    /// <exception cref="ApiException">It is something else.</exception>
    public static T Read<T>(string text, JsonTypeInfo<T> type) =>
        Understand(() => JsonSerializer.Deserialize(text, type));

    /// <exception cref="ApiException">It is something else.</exception>
    public static T Read<T>(JsonNode item, JsonTypeInfo<T> type) => Understand(() => item.Deserialize(type));

    /// <exception cref="ApiException">It is no JSON.</exception>
    public static JsonNode Parse(string text) => Understand(() => JsonNode.Parse(text));

    public static ApiException Strange(Exception? error = null) =>
        new("it answered something else than this version knows", error);

    private static T Understand<T>(Func<T?> read)
    {
        try
        {
            return read() ?? throw new ApiException("it answered nothing");
        }
        catch (JsonException error)
        {
            throw Strange(error);
        }
    }
}
