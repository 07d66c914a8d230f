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
            return JsonSerializer.Deserialize(text, InheritanceJson.Default.Inheritance);
        }
        catch (JsonException)
        {
            return null;
        }
    }
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
