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
    private FrozenDictionary<string, int>? _index;

    private Named(Items<T> items) => _items = items;

    public static Named<T> Empty { get; } = new([]);

    public int Count => _items.Count;

    public T this[int index] => _items[index];

    /// <summary>The object of that name, or null.</summary>
    public T? Find(string name) => Index.TryGetValue(name, out var at) ? _items[at] : null;

    public bool TryGet(string name, [NotNullWhen(true)] out T? item) => (item = Find(name)) is not null;

    /// <summary>The same set with this object added, or in the place of its namesake.</summary>
    public Named<T> With(T item)
    {
        if (ReferenceEquals(Find(item.Name), item))
        {
            return this;
        }

        var items = ImmutableArray.CreateBuilder<T>(Count + 1);
        items.AddRange(_items.AsSpan());
        if (Index.TryGetValue(item.Name, out var at))
        {
            items[at] = item;
            return new(new(items.DrainToImmutable())) { _index = _index };
        }

        items.Add(item);
        return new(new(items.DrainToImmutable()));
    }

    public Named<T> Without(string name) => Find(name) is null ? this : From(_items.Where(item => item.Name != name));

    public static Named<T> From(IEnumerable<T> items)
    {
        var list = Items.From(items);
        return list.IsEmpty ? Empty : new(list);
    }

    /// <summary>Every object that is new, gone, or another object than in <paramref name="before"/>.</summary>
    /// <remarks>Sets that differ in a few places are compared in one walk over both, without a look at a name.</remarks>
    public IReadOnlyList<MapChange<string, T>> ChangesSince(Named<T> before)
    {
        var changes = new List<MapChange<string, T>>();
        if (ReferenceEquals(this, before))
        {
            return changes;
        }

        for (var i = 0; i < Count; i++)
        {
            var item = _items[i];
            var aligned = i < before.Count ? before._items[i] : null;
            if (ReferenceEquals(aligned, item))
            {
                continue;
            }

            var old = aligned?.Name == item.Name ? aligned : before.Find(item.Name);
            if (!ReferenceEquals(old, item))
            {
                changes.Add(new(item.Name, old, item));
            }
        }

        for (var i = 0; i < before.Count; i++)
        {
            var item = before._items[i];
            if ((i >= Count || _items[i].Name != item.Name) && Find(item.Name) is null)
            {
                changes.Add(new(item.Name, item, null));
            }
        }

        return changes;
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
    private FrozenDictionary<string, int> Index => _index ??= MakeIndex();

    private FrozenDictionary<string, int> MakeIndex()
    {
        var index = new Dictionary<string, int>(Count, StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            index.TryAdd(_items[i].Name, i);
        }

        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
