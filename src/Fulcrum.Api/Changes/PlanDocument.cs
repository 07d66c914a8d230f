using Fulcrum.Engine.Planning;

namespace Fulcrum.Api.Changes;

/// <summary>What would change, and what that means for connections.</summary>
public sealed record PlanDocument
{
    public required string Text { get; init; }

    public static PlanDocument Of(PlanReport report) => new() { Text = report.ToText() };
}
