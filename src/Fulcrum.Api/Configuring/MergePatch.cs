using System.Text.Json.Nodes;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// JSON merge patch (RFC 7396): what a patch names takes the place of what was there, null takes it away, objects are
/// patched in turn, and all else stays.
/// </summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject former ? (JsonObject)former.DeepClone() : [];
        foreach (var (key, change) in changes)
        {
            if (change is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = Apply(result[key], change);
            }
        }

        return result;
    }
}
