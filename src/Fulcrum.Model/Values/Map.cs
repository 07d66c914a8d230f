using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Model.Values;

/// <summary>
/// An immutable dictionary that shares what did not change with its predecessor, so that two versions are compared in
/// the time that the difference takes: among 100,000 entries of which one differs, <see cref="ChangesSince"/> looks at
/// a few dozen. That is what lets a decision about one backend cost microseconds in a large configuration.
/// <para>
/// A hash trie of 32-way nodes (Bagwell 2001; inline entries before child nodes as in CHAMP, Steindorfer and Vinju
/// 2015). Values are compared by reference: who wants "equal" to be "unchanged" puts in the former object. The order
/// of enumeration is arbitrary, and differs from process to process.
/// </para>
/// </summary>
public sealed class Map<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>, IEquatable<Map<TKey, TValue>>
    where TKey : notnull
    where TValue : class
{
    private readonly MapNode<TKey, TValue> _root;

    private Map(MapNode<TKey, TValue> root, int count)
    {
        _root = root;
        Count = count;
    }

    public static Map<TKey, TValue> Empty { get; } = new(MapNode<TKey, TValue>.Empty, 0);

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    /// <summary>The value, or null.</summary>
    public TValue? this[TKey key] => _root.Find(key, key.GetHashCode(), 0);

    public IEnumerable<TKey> Keys => this.Select(pair => pair.Key);

    public IEnumerable<TValue> Values => this.Select(pair => pair.Value);

    /// <summary>A key that stands twice keeps its last value.</summary>
    public static Map<TKey, TValue> From(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        var unique = new Dictionary<TKey, TValue>();
        foreach (var (key, value) in entries)
        {
            unique[key] = value;
        }

        return unique.Count == 0
            ? Empty
            : new(MapNode<TKey, TValue>.Build([.. unique.Select(MapEntry<TKey, TValue>.Of)], 0), unique.Count);
    }

    public bool ContainsKey(TKey key) => this[key] is not null;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value) => (value = this[key]) is not null;

    /// <summary>This map when it holds that very object already.</summary>
    public Map<TKey, TValue> With(TKey key, TValue value)
    {
        var root = _root.With(new(key.GetHashCode(), key, value), 0, out var added);
        return ReferenceEquals(root, _root) ? this : new(root, added ? Count + 1 : Count);
    }

    /// <summary>This map when there is no such key.</summary>
    public Map<TKey, TValue> Without(TKey key)
    {
        var root = _root.Without(key, key.GetHashCode(), 0);
        return ReferenceEquals(root, _root) ? this
            : Count == 1 ? Empty
            : new(root, Count - 1);
    }

    /// <summary>Every key that is new, gone, or has another object than in <paramref name="before"/>.</summary>
    public IReadOnlyList<MapChange<TKey, TValue>> ChangesSince(Map<TKey, TValue> before)
    {
        if (ReferenceEquals(this, before))
        {
            return [];
        }

        var changes = new List<MapChange<TKey, TValue>>();
        MapNode<TKey, TValue>.Compare(before._root, _root, 0, changes);
        return changes;
    }

    /// <summary>The same keys with equal values.</summary>
    public bool Equals(Map<TKey, TValue>? other) =>
        other is not null
        && (
            ReferenceEquals(this, other)
            || (
                Count == other.Count
                && ChangesSince(other)
                    .All(change => EqualityComparer<TValue>.Default.Equals(change.Before, change.After))
            )
        );

    public override bool Equals(object? obj) => Equals(obj as Map<TKey, TValue>);

    public override int GetHashCode() => Count;

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _root.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes sets: maps of objects to themselves.</summary>
public static class Map
{
    public static Map<T, T> SetOf<T>(params IEnumerable<T> items)
        where T : class => Map<T, T>.From(items.Select(item => KeyValuePair.Create(item, item)));
}
