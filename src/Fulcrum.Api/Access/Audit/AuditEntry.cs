using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fulcrum.Api.Access.Audit;

/// <summary>One change that somebody ordered, done or refused: a line of the audit.</summary>
internal sealed record AuditEntry
{
    public required DateTimeOffset At { get; init; }

    public required string Who { get; init; }

    /// <summary>Left out: nobody knows who it was.</summary>
    public string? Role { get; init; }

    public required string From { get; init; }

    public required string Operation { get; init; }

    public string? Target { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public required int Status { get; init; }

    /// <summary>Entries before this one that are not here, because there were too many.</summary>
    public long? Missing { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    /// <summary>An arrow stays an arrow: the file is for people with grep, not for browsers.</summary>
    public static AuditJson Readable { get; } =
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
