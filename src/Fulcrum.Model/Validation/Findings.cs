using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

/// <summary>
/// Collects findings while rules walk the model. The path is a stack that costs nothing until something is wrong:
/// a hundred thousand backends are walked without making a string.
/// </summary>
public sealed class Findings(bool suggest = true)
{
    private const int MostSuggestions = 200;

    private readonly List<PathSegment> _path = [];
    private readonly List<Finding> _found = [];

    public IReadOnlyList<Finding> All => _found;

    /// <summary>
    /// Looking for what was meant costs a walk over all names: nobody reads that many suggestions, and a large
    /// file with one name wrong throughout must not take minutes.
    /// </summary>
    public bool WantsSuggestions => suggest && _found.Count < MostSuggestions;

    public Scope In(string key)
    {
        _path.Add(new(key, 0));
        return new(this);
    }

    public Scope At(int index)
    {
        _path.Add(new(null, index));
        return new(this);
    }

    /// <param name="rival">See <see cref="Finding.Rival"/>.</param>
    public void Error(string message, string? expected = null, string? suggestion = null, string? rival = null) =>
        Add(Severity.Error, message, expected, suggestion, rival);

    public void Warning(string message, string? expected = null) =>
        Add(Severity.Warning, message, expected, null, null);

    private void Add(Severity severity, string message, string? expected, string? suggestion, string? rival) =>
        _found.Add(
            new(new(Items.From(_path)), severity, message)
            {
                Expected = expected,
                Suggestion = suggestion,
                Rival = rival,
            }
        );

    /// <summary>Leaves the path segment again when disposed.</summary>
    public readonly ref struct Scope(Findings findings)
    {
        public void Dispose() => findings._path.RemoveAt(findings._path.Count - 1);
    }
}
