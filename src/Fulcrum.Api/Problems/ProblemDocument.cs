using Fulcrum.Model.Problems;

namespace Fulcrum.Api.Problems;

/// <summary>Why something was not done (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed record ProblemDocument
{
    public required string Title { get; init; }

    public required int Status { get; init; }

    public IReadOnlyList<ProblemEntry> Problems { get; init; } = [];
}

/// <summary>One thing that is wrong.</summary>
public sealed record ProblemEntry
{
    /// <summary>Which object or field; empty: the whole.</summary>
    public required string Path { get; init; }

    /// <summary>In the text that was sent, both from 1; left out where the text does not matter.</summary>
    public int? Line { get; init; }

    public int? Column { get; init; }

    public required string Message { get; init; }

    public string? Expected { get; init; }

    public string? Suggestion { get; init; }

    public static ProblemEntry Of(Problem problem) =>
        new()
        {
            Path = problem.Path,
            Line = problem.Position?.Line,
            Column = problem.Position?.Column,
            Message = problem.Message,
            Expected = problem.Expected,
            Suggestion = problem.Suggestion,
        };

    public Problem ToProblem() =>
        new()
        {
            Path = Path,
            Message = Message,
            Expected = Expected,
            Suggestion = Suggestion,
        };
}
