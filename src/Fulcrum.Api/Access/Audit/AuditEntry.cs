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

[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    /// <summary>A line each; what is no control character stays as it is, since the file is for people with grep.</summary>
    public static AuditJson Lines { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
