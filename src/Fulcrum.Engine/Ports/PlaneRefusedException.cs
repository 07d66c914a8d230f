using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Ports;

/// <summary>A plane cannot have what a table asks; nothing was changed.</summary>
public sealed class PlaneRefusedException(IReadOnlyList<Problem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    private const string Before = "services.";
    private const string After = ".listen[";

    /// <summary>One for each listener that cannot be had; the path is <c>services.NAME.listen[I]</c>.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;

    /// <summary>The service that a problem is about; null: its path says none.</summary>
    public static string? ServiceOf(Problem problem)
    {
        var end = problem.Path.LastIndexOf(After, StringComparison.Ordinal);
        return end > Before.Length && problem.Path.StartsWith(Before, StringComparison.Ordinal)
            ? problem.Path[Before.Length..end]
            : null;
    }
}
