using Fulcrum.Model.Problems;

namespace Fulcrum.Model.Validation;

/// <summary>What a rule found wrong, and where in the model. A reader of texts adds the position.</summary>
public sealed record Finding(ModelPath Path, Severity Severity, string Message)
{
    public string? Expected { get; init; }

    public string? Suggestion { get; init; }

    /// <summary>The object of the same kind that had first what this one claims as well. Without it all would be well.</summary>
    public string? Rival { get; init; }

    public Problem ToProblem(SourcePosition? position) =>
        new()
        {
            Severity = Severity,
            Position = position,
            Path = Path.ToString(),
            Message = Message,
            Expected = Expected,
            Suggestion = Suggestion,
        };
}
