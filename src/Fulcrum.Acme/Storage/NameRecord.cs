using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fulcrum.Acme.Storage;

/// <summary>
/// What must outlive this process about one name at one authority: the order under way with the key of its
/// certificate, so that it is gone on with and not made anew (authorities count orders), and when it may be tried next.
/// </summary>
internal sealed record NameRecord
{
    public static NameRecord Empty { get; } = new();

    /// <summary>Null: none is under way.</summary>
    public Uri? Order { get; init; }

    /// <summary>The key of the certificate that is ordered, PKCS#8 in PEM.</summary>
    public string? Key { get; init; }

    /// <summary>In a row.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The fingerprint of the certificate that this authority issued last. One with another came from elsewhere: the
    /// directory was another, such as one for trials.
    /// </summary>
    public string? Certificate { get; init; }

    public string ToText() => JsonSerializer.Serialize(this, NameRecordJson.Default.NameRecord);

    /// <summary>Null: it is none.</summary>
    public static NameRecord? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, NameRecordJson.Default.NameRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    WriteIndented = true
)]
[JsonSerializable(typeof(NameRecord))]
internal sealed partial class NameRecordJson : JsonSerializerContext;
