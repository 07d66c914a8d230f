using Fulcrum.Linux;

namespace Fulcrum.Forwarding.Traffic;

/// <summary>What could not be done: in words, and by the numbers that the kernel gave.</summary>
internal sealed class FilterOutcome
{
    /// <summary>A refusal is much the same for thousands of filters; nobody reads more of them.</summary>
    private const int MostWords = 16;

    private readonly List<string> _problems = [];
    private readonly HashSet<Errno> _refusals = [];

    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlySet<Errno> Refusals => _refusals;

    public void Note(string words, Errno error)
    {
        _ = _refusals.Add(error);
        if (_problems.Count < MostWords)
        {
            _problems.Add(words);
        }
    }
}
