using System.Text.Json.Serialization;

namespace Fulcrum.Api.Status;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(StatusDocument))]
public sealed partial class StatusJson : JsonSerializerContext;
