using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Checks;

/// <summary>One probe, what it found and what it does now. Those who ask the same of the same target share it.</summary>
public sealed record CheckDocument
{
    /// <summary><c>UPSTREAM/BACKEND/CHECK</c>, each of them.</summary>
    public required IReadOnlyList<string> Checks { get; init; }

    /// <summary>The word of the language: <c>tcp</c>, <c>https</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Address and port, address, or path.</summary>
    public required string Target { get; init; }

    /// <summary><c>direct</c> or <c>forwarding</c>.</summary>
    public required string Via { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>When the verdict became so; left out while it is unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Of the last result that counted.</summary>
    public required string Reason { get; init; }

    /// <summary>How well the backend says it is, 0..1 of its weight.</summary>
    public double? Score { get; init; }

    /// <summary>Of the last results, the share that was good, where the upstream looks back on them.</summary>
    public double? GoodShare { get; init; }

    /// <summary>Results of the last kind in a row.</summary>
    public required int InARow { get; init; }

    /// <summary>Results since it began.</summary>
    public required long Results { get; init; }

    /// <summary>Of them, those that changed the verdict.</summary>
    public required long Transitions { get; init; }

    public required bool Flapping { get; init; }

    /// <summary><c>waiting</c>, <c>queued</c>, <c>asking</c> or <c>paused</c>.</summary>
    public required string Activity { get; init; }

    /// <summary>Milliseconds until it asks again.</summary>
    public double? NextInMs { get; init; }

    /// <summary>What will be wrong soon.</summary>
    public string? Warning { get; init; }

    /// <summary>The last results, the newest first.</summary>
    public required IReadOnlyList<CheckResultDocument> Recent { get; init; }

    internal static CheckDocument Of(CheckReport report, IEnumerable<string> names) =>
        new()
        {
            Checks = [.. names],
            Kind = report.Task.Probe.Kind,
            Target = report.Task.Target,
            Via = report.Task.Mark is null ? "direct" : "forwarding",
            Verdict = CheckWords.Of(report.Health.Verdict),
            Since = report.Health.Verdict == Engine.Ports.Verdict.Unknown ? null : report.Health.Since,
            Reason = report.Health.Reason,
            Score = report.Health.Score,
            GoodShare = report.Health.GoodShare,
            InARow = report.InARow,
            Results = report.Results,
            Transitions = report.Transitions,
            Flapping = report.IsFlapping,
            Activity = CheckWords.Of(report.Activity),
            NextInMs = CheckWords.Milliseconds(report.NextIn),
            Warning = report.Warning,
            Recent = [.. report.Recent.Select(CheckResultDocument.Of)],
        };
}
