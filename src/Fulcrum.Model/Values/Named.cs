using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Model.Values;

/// <summary>
/// All objects of one kind in the order they were written, found by name. Compares by its objects;
/// a name that stands twice keeps its first object (readers refuse duplicates before they get here).
/// </summary>
public sealed class Named<T> : IReadOnlyList<T>, IEquatable<Named<T>>
    where T : class, INamed
{
    private readonly Items<T> _items;
    private FrozenDictionary<string, T>? _index;

    private Named(Items<T> items) => _items = items;

    public static Named<T> Empty { get; } = new([]);

    public int Count => _items.Count;

    public T this[int index] => _items[index];

    /// <summary>The object of that name, or null.</summary>
    public T? Find(string name) => Index.GetValueOrDefault(name);

    public bool TryGet(string name, [NotNullWhen(true)] out T? item) => Index.TryGetValue(name, out item);

    /// <summary>The same set with this object added, or in the place of its namesake.</summary>
    public Named<T> With(T item)
    {
        var items = ImmutableArray.CreateBuilder<T>(Count + 1);
        items.AddRange(_items.AsSpan());
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Name == item.Name)
            {
                items[i] = item;
                return new(new(items.DrainToImmutable()));
            }
        }

        items.Add(item);
        return new(new(items.DrainToImmutable()));
    }

    public Named<T> Without(string name) => From(_items.Where(item => item.Name != name));

    public static Named<T> From(IEnumerable<T> items)
    {
        var list = Items.From(items);
        return list.IsEmpty ? Empty : new(list);
    }

    public bool Equals(Named<T>? other) =>
        other is not null && (ReferenceEquals(this, other) || _items == other._items);

    public override bool Equals(object? obj) => Equals(obj as Named<T>);

    public override int GetHashCode() => _items.GetHashCode();

    public override string ToString() => _items.ToString();

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => _items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_items).GetEnumerator();

    // Built on first use: most sets of a large file are walked, not searched. A race builds it twice, equal both times.
    private FrozenDictionary<string, T> Index =>
        _index ??= _items
            .GroupBy(item => item.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
}
