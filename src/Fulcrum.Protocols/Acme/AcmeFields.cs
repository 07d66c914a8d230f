using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fulcrum.Protocols.Acme;

/// <summary>Fields of an authority's documents, within bounds. Null: it is not there, or is none of its kind.</summary>
internal static class AcmeFields
{
    /// <summary>Of one list: an order of ours has one name, and a few ways to prove it.</summary>
    public const int MostItems = 100;

    public const int LongestText = 2048;

    public static JsonElement? Object(JsonElement parent, string name) =>
        Field(parent, name, JsonValueKind.Object) is { } field ? field : null;

    public static bool Truth(JsonElement parent, string name) => Field(parent, name, JsonValueKind.True) is not null;

    /// <summary>A text as one line; a longer one is cut, because it is for people.</summary>
    public static string? Line(JsonElement parent, string name) =>
        Field(parent, name, JsonValueKind.String) is { } field ? LineOf(field) : null;

    public static Uri? Url(JsonElement parent, string name) =>
        Field(parent, name, JsonValueKind.String) is { } field ? UrlOf(field) : null;

    public static Uri? UrlOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.String
        && item.GetString() is { Length: <= LongestText } text
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0
            ? url
            : null;

    /// <summary>As RFC 3339 has it.</summary>
    public static DateTimeOffset? Time(JsonElement parent, string name) =>
        Field(parent, name, JsonValueKind.String) is { } field
        && field.GetString() is { Length: <= 64 } text
        && DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    public static AcmeStatus? Status(JsonElement parent) =>
        Field(parent, "status", JsonValueKind.String)?.GetString() switch
        {
            "pending" => AcmeStatus.Pending,
            "ready" => AcmeStatus.Ready,
            "processing" => AcmeStatus.Processing,
            "valid" => AcmeStatus.Valid,
            "invalid" => AcmeStatus.Invalid,
            "deactivated" => AcmeStatus.Deactivated,
            "expired" => AcmeStatus.Expired,
            "revoked" => AcmeStatus.Revoked,
            _ => null,
        };

    /// <summary>The value of an identifier of a host (RFC 8555 section 9.7.7).</summary>
    public static string? DnsName(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && Line(item, "type") == "dns" ? Line(item, "value") : null;

    /// <summary>Items that are none of their kind are left out; null: there is no list, or it is too long.</summary>
    public static IReadOnlyList<T>? Several<T>(JsonElement parent, string name, Func<JsonElement, T?> read)
        where T : class
    {
        if (Field(parent, name, JsonValueKind.Array) is not { } list || list.GetArrayLength() > MostItems)
        {
            return null;
        }

        var items = new List<T>();
        foreach (var item in list.EnumerateArray())
        {
            if ((item.ValueKind is JsonValueKind.Object or JsonValueKind.String) && read(item) is { } value)
            {
                items.Add(value);
            }
        }

        return items;
    }

    private static JsonElement? Field(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var field)
        && field.ValueKind == kind
            ? field
            : null;

    private static string LineOf(JsonElement item)
    {
        var text = item.GetString()!;
        return OctetText.ToLine(Encoding.UTF8.GetBytes(text.Length > LongestText ? text[..LongestText] : text));
    }
}
