using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Checks;

/// <summary>One change of a verdict.</summary>
public sealed record TransitionDocument
{
    /// <summary>Grows by one with each; the first is 1.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The names that the probe has now; empty: it is not asked any more.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    public required string Kind { get; init; }

    public required string Target { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Reason { get; init; }

    public required bool Flapping { get; init; }

    internal static TransitionDocument Of(CheckTransition transition, IEnumerable<string> names) =>
        new()
        {
            Sequence = transition.Sequence,
            At = transition.At,
            Checks = [.. names],
            Kind = transition.Task.Probe.Kind,
            Target = transition.Task.Target,
            From = CheckWords.Of(transition.From),
            To = CheckWords.Of(transition.To),
            Reason = transition.Reason,
            Flapping = transition.IsFlapping,
        };
}
