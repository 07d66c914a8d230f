using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Events;

/// <summary>Something changed.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">As <c>explain</c> names it: <c>backend/web/10.0.0.1:80</c>.</param>
/// <param name="From">In one word or two; null: it was not there.</param>
/// <param name="To">Null: it is there no more.</param>
/// <param name="Text">Why, for people.</param>
public sealed record NodeEvent(EventKind Kind, Subject Subject, string? From, string? To, string Text)
{
    /// <summary>Grows by one with each; the first of a run is 1.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Somebody should look.</summary>
    public bool IsBad { get; init; }
}
