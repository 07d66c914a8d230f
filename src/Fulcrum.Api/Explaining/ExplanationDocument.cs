using Fulcrum.Engine.Explaining;

namespace Fulcrum.Api.Explaining;

/// <summary>How something is and why, down to the causes.</summary>
public sealed record ExplanationDocument
{
    /// <summary><c>backend/resolvers/dns2</c>.</summary>
    public required string Subject { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The one that decided first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required IReadOnlyList<ExplanationDocument> Causes { get; init; }

    /// <summary>Causes that are left out: ask for this subject alone.</summary>
    public required int More { get; init; }

    public static ExplanationDocument Of(Explanation explanation) =>
        new()
        {
            Subject = explanation.Subject.ToString(),
            State = explanation.State,
            Since = explanation.Since,
            Reasons = [.. explanation.Reasons],
            Causes = [.. explanation.Causes.Select(Of)],
            More = explanation.More,
        };
}
