using Fulcrum.Engine.Events;

namespace Fulcrum.Api.Events;

/// <summary>Something changed.</summary>
public sealed record EventDocument
{
    /// <summary>Grows by one with each; the first of a run of the node is 1.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>configuration</c>, <c>service</c>, <c>backend</c>, <c>check</c>, <c>vip</c>, <c>override</c> or <c>trouble</c>.</summary>
    public required string Type { get; init; }

    /// <summary>As <c>explain</c> names it: <c>backend/web/10.0.0.1:80</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Left out: it was not there.</summary>
    public string? From { get; init; }

    /// <summary>Left out: it is there no more.</summary>
    public string? To { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Text { get; init; }

    /// <summary>Somebody should look.</summary>
    public required bool Bad { get; init; }

    public static EventDocument Of(NodeEvent one) =>
        new()
        {
            Sequence = one.Sequence,
            At = one.At,
            Type = TypeOf(one.Kind),
            Subject = one.Subject.ToString(),
            From = one.From,
            To = one.To,
            Text = one.Text,
            Bad = one.IsBad,
        };

    internal static string TypeOf(EventKind kind) => kind.ToString().ToLowerInvariant();
}
