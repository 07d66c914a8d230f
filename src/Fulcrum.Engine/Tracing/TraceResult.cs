using System.Globalization;
using Fulcrum.Engine.Explaining;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tracing;

/// <summary>Where a first packet would go, and every decision on its way there.</summary>
public sealed record TraceResult
{
    private const int MaxShown = 12;

    public required string Question { get; init; }

    public required TraceOutcome Outcome { get; init; }

    public Items<TraceStep> Steps { get; init; }

    public string? Service { get; init; }

    public string? Listener { get; init; }

    public string? Upstream { get; init; }

    /// <summary>What carries it: <c>proxy</c>, <c>xdp</c>.</summary>
    public string? Plane { get; init; }

    /// <summary>Whom it can go to, the likeliest first.</summary>
    public Items<TracedBackend> Backends { get; init; }

    public string ToText()
    {
        var page = new Page();
        page.Add(0, Question);
        var column = Steps.Max(step => step.Asked.Length) + 2;
        foreach (var step in Steps)
        {
            page.Add(2, $"{step.Asked.PadRight(column)}{step.Answer}: {step.Reason}", column);
        }

        page.Add(0, Conclusion);
        if (Outcome == TraceOutcome.OneOf)
        {
            foreach (var backend in Backends.Take(MaxShown))
            {
                page.Add(2, string.Create(CultureInfo.InvariantCulture, $"{backend.Share, 6:0.0%} {backend}"));
            }

            if (Backends.Count > MaxShown)
            {
                page.Add(2, $"and {Backends.Count - MaxShown} more");
            }
        }

        return page.ToString();
    }

    internal TraceResult Says(string asked, string answer, string reason) =>
        this with
        {
            Steps = Steps.Add(new(asked, answer, reason)),
        };

    private string Conclusion =>
        Outcome switch
        {
            TraceOutcome.NoListener => "Nothing takes it.",
            TraceOutcome.NotCarried => $"Nothing carries {Service}.",
            TraceOutcome.Elsewhere => $"{Service} is forwarded by others.",
            TraceOutcome.Refused => "It is refused.",
            TraceOutcome.NoBackend => "It is refused: there is nobody to send it to.",
            TraceOutcome.Backend => $"It goes to {Backends[0]}.",
            _ => "It goes to one of:",
        };
}
