using System.Text.Json.Serialization;
using Fulcrum.Engine.Events;

namespace Fulcrum.Notifying;

/// <summary>What a hook is told: some events, in order.</summary>
public sealed record TellingDocument
{
    public required string Node { get; init; }

    /// <summary>The name of the hook.</summary>
    public required string Hook { get; init; }

    /// <summary>How many before these are missing: they came faster than the hook took them, or it was given up.</summary>
    public required long Missed { get; init; }

    public required IReadOnlyList<ToldEvent> Events { get; init; }
}

/// <summary>One event, with the fields that the event stream of the API has.</summary>
public sealed record ToldEvent(
    long Sequence,
    DateTimeOffset At,
    string Type,
    string Subject,
    string? From,
    string? To,
    string Text,
    bool Bad
)
{
    public static ToldEvent Of(NodeEvent one) =>
        new(
            one.Sequence,
            one.At,
            one.Kind.ToString().ToLowerInvariant(),
            one.Subject.ToString(),
            one.From,
            one.To,
            one.Text,
            one.IsBad
        );
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TellingDocument))]
internal sealed partial class TellingJson : JsonSerializerContext;
