using System.Text.Json.Serialization;

namespace Fulcrum.Api.Access.Tokens;

/// <summary>How a token stands in its file: one such object a line.</summary>
internal sealed record TokenLine
{
    public required string Name { get; init; }

    public required string Role { get; init; }

    public string? Select { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public required string Sha256 { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(TokenLine))]
internal sealed partial class TokenJson : JsonSerializerContext;
