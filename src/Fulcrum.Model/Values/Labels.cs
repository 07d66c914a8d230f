using System.Collections;
using System.Collections.Immutable;

namespace Fulcrum.Model.Values;

/// <summary>Keys and values on an object, sorted by key; compares by content.</summary>
public sealed class Labels : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<Labels>
{
    private readonly ImmutableSortedDictionary<string, string> _values;

    private Labels(ImmutableSortedDictionary<string, string> values) => _values = values;

    public static Labels Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public int Count => _values.Count;

    public string? this[string key] => _values.GetValueOrDefault(key);

    public bool Has(string key) => _values.ContainsKey(key);

    public static Labels From(IEnumerable<KeyValuePair<string, string>> values)
    {
        var labels = values.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return labels.Count == 0 ? Empty : new(labels);
    }

    public Labels With(string key, string value) => new(_values.SetItem(key, value));

    public bool Equals(Labels? other) =>
        other is not null && (ReferenceEquals(_values, other._values) || _values.SequenceEqual(other._values));

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in _values)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(",", _values.Select(pair => $"{pair.Key}={pair.Value}"));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
