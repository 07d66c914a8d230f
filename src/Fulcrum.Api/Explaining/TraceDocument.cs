using Fulcrum.Engine.Tracing;

namespace Fulcrum.Api.Explaining;

/// <summary>Where a first packet would go, and every decision on its way there.</summary>
public sealed record TraceDocument
{
    public required string Question { get; init; }

    /// <summary><c>no-listener</c>, <c>not-carried</c>, <c>elsewhere</c>, <c>refused</c>, <c>no-backend</c>, <c>backend</c> or <c>one-of</c>.</summary>
    public required string Outcome { get; init; }

    public required IReadOnlyList<TraceStepDocument> Steps { get; init; }

    public string? Service { get; init; }

    public string? Listener { get; init; }

    public string? Upstream { get; init; }

    public string? Plane { get; init; }

    public required IReadOnlyList<TracedBackendDocument> Backends { get; init; }

    public static TraceDocument Of(TraceResult result) =>
        new()
        {
            Question = result.Question,
            Outcome = result.Outcome switch
            {
                TraceOutcome.NoListener => "no-listener",
                TraceOutcome.NotCarried => "not-carried",
                TraceOutcome.Elsewhere => "elsewhere",
                TraceOutcome.Refused => "refused",
                TraceOutcome.NoBackend => "no-backend",
                TraceOutcome.Backend => "backend",
                _ => "one-of",
            },
            Steps = [.. result.Steps.Select(step => new TraceStepDocument(step.Asked, step.Answer, step.Reason))],
            Service = result.Service,
            Listener = result.Listener,
            Upstream = result.Upstream,
            Plane = result.Plane,
            Backends =
            [
                .. result.Backends.Select(backend => new TracedBackendDocument(
                    backend.Id,
                    backend.Address,
                    backend.Port,
                    backend.Weight,
                    backend.Share
                )),
            ],
        };
}

public sealed record TraceStepDocument(string Asked, string Answer, string Reason);

/// <param name="Share">0..1: its part of the clients of which nothing else is known.</param>
public sealed record TracedBackendDocument(string Id, string Address, int Port, int Weight, double Share);
