using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>Gathers the entries of one object. A key that stands twice is a problem that names both places.</summary>
internal sealed class EntryList(ProblemList problems)
{
    // Most objects have a handful of keys; only the maps of named objects are worth an index.
    private const int Indexed = 12;

    private readonly List<MappingEntry> _entries = [];
    private Dictionary<string, SourcePosition>? _index;

    public void Add(MappingEntry entry)
    {
        if (PlaceOf(entry.Key) is { } first)
        {
            problems.Add(
                new Problem
                {
                    Position = entry.KeyPosition,
                    Message = $"key '{ScalarNode.Shorten(entry.Key)}' stands twice; it is also at {first}",
                }
            );
            return;
        }

        _entries.Add(entry);
        _index?.Add(entry.Key, entry.KeyPosition);
    }

    /// <summary>Adds what an object merged by <c>&lt;&lt;</c> has and this one has not.</summary>
    public void Merge(MappingNode mapping)
    {
        foreach (var entry in mapping.Entries)
        {
            if (PlaceOf(entry.Key) is null)
            {
                _entries.Add(entry);
                _index?.Add(entry.Key, entry.KeyPosition);
            }
        }
    }

    public IReadOnlyList<MappingEntry> ToList() => _entries.Count == 0 ? [] : _entries.ToArray();

    private SourcePosition? PlaceOf(string key)
    {
        if (_index is null && _entries.Count >= Indexed)
        {
            _index = new(StringComparer.Ordinal);
            foreach (var entry in _entries)
            {
                _index.Add(entry.Key, entry.KeyPosition);
            }
        }

        if (_index is not null)
        {
            return _index.TryGetValue(key, out var position) ? position : null;
        }

        foreach (var entry in _entries)
        {
            if (entry.Key == key)
            {
                return entry.KeyPosition;
            }
        }

        return null;
    }
}
