using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Problems;

/// <summary>All problems of one load, up to a bound; the rest is counted.</summary>
internal sealed class ProblemList
{
    public const int Bound = 200;

    private readonly List<Problem> _problems = [];
    private int _more;

    public bool HasErrors { get; private set; }

    public void Add(Problem problem)
    {
        HasErrors |= problem.Severity == Severity.Error;
        if (_problems.Count < Bound)
        {
            _problems.Add(problem);
        }
        else
        {
            _more++;
        }
    }

    /// <summary>In the order of the text, each file for itself in the order in which files were read.</summary>
    public IReadOnlyList<Problem> ToList()
    {
        var files = new List<string>();
        foreach (var problem in _problems)
        {
            if (problem.Position is { } position && !files.Contains(position.File))
            {
                files.Add(position.File);
            }
        }

        var sorted = _problems
            .OrderBy(problem => problem.Position is { } position ? files.IndexOf(position.File) : files.Count)
            .ThenBy(problem => problem.Position?.Line ?? 0)
            .ThenBy(problem => problem.Position?.Column ?? 0)
            .ToList();
        if (_more > 0)
        {
            sorted.Add(new Problem { Message = $"and {_more} more problems" });
        }

        return sorted;
    }
}
