using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Fulcrum.Model.Values;

/// <summary>
/// An immutable list that compares by its elements, so that records which hold one compare by value.
/// An instance equal to its predecessor is how the engine knows that nothing changed.
/// </summary>
[CollectionBuilder(typeof(Items), nameof(Items.Create))]
public readonly struct Items<T> : IReadOnlyList<T>, IEquatable<Items<T>>
{
    private readonly ImmutableArray<T> _items;

    public Items(ImmutableArray<T> items) => _items = items;

    public static Items<T> Empty => default;

    public int Count => _items.IsDefault ? 0 : _items.Length;

    public bool IsEmpty => Count == 0;

    public T this[int index] => _items[index];

    public ReadOnlySpan<T> AsSpan() => _items.IsDefault ? [] : _items.AsSpan();

    public Items<T> Add(T item) => new((_items.IsDefault ? [] : _items).Add(item));

    public bool Equals(Items<T> other)
    {
        var mine = AsSpan();
        var theirs = other.AsSpan();
        if (mine.Length != theirs.Length)
        {
            return false;
        }

        if (_items.Equals(other._items))
        {
            return true;
        }

        for (var i = 0; i < mine.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(mine[i], theirs[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Items<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", this)}]";

    public static bool operator ==(Items<T> left, Items<T> right) => left.Equals(right);

    public static bool operator !=(Items<T> left, Items<T> right) => !left.Equals(right);

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(_items.IsDefault ? [] : _items)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();
}

/// <summary>Makes <see cref="Items{T}"/> from collection expressions and sequences.</summary>
public static class Items
{
    public static Items<T> Create<T>(ReadOnlySpan<T> items) => new([.. items]);

    public static Items<T> From<T>(IEnumerable<T> items) => new([.. items]);
}
