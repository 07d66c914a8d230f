using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fulcrum.Engine.Inheriting;

/// <summary>
/// An inheritance as two processes write and read it, which may be of different versions: what one does not know it
/// leaves out, and what the other does not say is empty.
/// </summary>
public static class InheritanceText
{
    public static byte[] Write(Inheritance inheritance) =>
        JsonSerializer.SerializeToUtf8Bytes(inheritance, InheritanceJson.Default.Inheritance);

    /// <summary>Null: it is not understood.</summary>
    public static Inheritance? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, InheritanceJson.Default.Inheritance) is { } read
                ? Whole(read)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What is not said is null to the reader, and so is an entry that says null; both are nothing.
    private static Inheritance Whole(Inheritance read) =>
        new()
        {
            Generation = read.Generation,
            Checks = Known(read.Checks),
            Names = (read.Names ?? Inheritance.Nothing.Names)
                .Where(pair => pair.Value is not null)
                .ToDictionary(pair => pair.Key, pair => Known(pair.Value), StringComparer.Ordinal),
            Complaints = Known(read.Complaints),
            Members = Known(read.Members),
            WereUp = Known(read.WereUp),
        };

    private static IReadOnlyList<T> Known<T>(IReadOnlyList<T?>? items)
        where T : class => [.. (items ?? []).OfType<T>()];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Inheritance))]
internal sealed partial class InheritanceJson : JsonSerializerContext;
