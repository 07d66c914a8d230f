using System.Numerics;

namespace Fulcrum.Model.Values;

internal readonly record struct MapEntry<TKey, TValue>(int Hash, TKey Key, TValue Value)
    where TKey : notnull
{
    public static MapEntry<TKey, TValue> Of(KeyValuePair<TKey, TValue> pair) =>
        new(pair.Key.GetHashCode(), pair.Key, pair.Value);
}

/// <summary>
/// A node of a <see cref="Map{TKey,TValue}"/>: for each of 32 slots nothing, an entry, or a child. Two bitmaps tell which,
/// and where in the dense arrays. Below the last level of the hash a node is a plain list of entries that collide.
/// </summary>
internal sealed class MapNode<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int Bits = 5;
    private const int HashBits = 32;

    private readonly uint _entryMap;
    private readonly uint _childMap;
    private readonly MapEntry<TKey, TValue>[] _entries;
    private readonly MapNode<TKey, TValue>[] _children;

    private MapNode(uint entryMap, uint childMap, MapEntry<TKey, TValue>[] entries, MapNode<TKey, TValue>[] children)
    {
        _entryMap = entryMap;
        _childMap = childMap;
        _entries = entries;
        _children = children;
    }

    public static MapNode<TKey, TValue> Empty { get; } = new(0, 0, [], []);

    private bool IsSingle => _children.Length == 0 && _entries.Length == 1;

    public static MapNode<TKey, TValue> Build(MapEntry<TKey, TValue>[] entries, int shift)
    {
        if (shift >= HashBits)
        {
            return new(0, 0, entries, []);
        }

        var slots = entries.GroupBy(entry => BitOf(entry.Hash, shift)).OrderBy(slot => slot.Key);
        var (entryMap, childMap) = (0u, 0u);
        var (own, children) = (new List<MapEntry<TKey, TValue>>(), new List<MapNode<TKey, TValue>>());
        foreach (var slot in slots)
        {
            MapEntry<TKey, TValue>[] inside = [.. slot];
            if (inside.Length == 1)
            {
                entryMap |= slot.Key;
                own.Add(inside[0]);
            }
            else
            {
                childMap |= slot.Key;
                children.Add(Build(inside, shift + Bits));
            }
        }

        return new(entryMap, childMap, [.. own], [.. children]);
    }

    public TValue? Find(TKey key, int hash, int shift)
    {
        var node = this;
        for (; shift < HashBits; shift += Bits)
        {
            var bit = BitOf(hash, shift);
            if ((node._entryMap & bit) != 0)
            {
                ref readonly var entry = ref node._entries[Rank(node._entryMap, bit)];
                return Same(entry, key, hash) ? entry.Value : null;
            }

            if ((node._childMap & bit) == 0)
            {
                return null;
            }

            node = node._children[Rank(node._childMap, bit)];
        }

        var at = node.IndexOf(key, hash);
        return at < 0 ? null : node._entries[at].Value;
    }

    public MapNode<TKey, TValue> With(in MapEntry<TKey, TValue> entry, int shift, out bool added)
    {
        added = false;
        if (shift >= HashBits)
        {
            var at = IndexOf(entry.Key, entry.Hash);
            added = at < 0;
            return added ? new(0, 0, [.. _entries, entry], [])
                : ReferenceEquals(_entries[at].Value, entry.Value) ? this
                : new(0, 0, Replace(_entries, at, entry), []);
        }

        var bit = BitOf(entry.Hash, shift);
        if ((_childMap & bit) != 0)
        {
            var at = Rank(_childMap, bit);
            var child = _children[at].With(entry, shift + Bits, out added);
            return ReferenceEquals(child, _children[at])
                ? this
                : new(_entryMap, _childMap, _entries, Replace(_children, at, child));
        }

        var place = Rank(_entryMap, bit);
        if ((_entryMap & bit) == 0)
        {
            added = true;
            return new(_entryMap | bit, _childMap, Insert(_entries, place, entry), _children);
        }

        var present = _entries[place];
        if (Same(present, entry.Key, entry.Hash))
        {
            return ReferenceEquals(present.Value, entry.Value)
                ? this
                : new(_entryMap, _childMap, Replace(_entries, place, entry), _children);
        }

        added = true;
        return new(
            _entryMap & ~bit,
            _childMap | bit,
            Remove(_entries, place),
            Insert(_children, Rank(_childMap, bit), Build([present, entry], shift + Bits))
        );
    }

    public MapNode<TKey, TValue> Without(TKey key, int hash, int shift)
    {
        if (shift >= HashBits)
        {
            var at = IndexOf(key, hash);
            return at < 0 ? this : new(0, 0, Remove(_entries, at), []);
        }

        var bit = BitOf(hash, shift);
        if ((_entryMap & bit) != 0)
        {
            var at = Rank(_entryMap, bit);
            return Same(_entries[at], key, hash)
                ? new(_entryMap & ~bit, _childMap, Remove(_entries, at), _children)
                : this;
        }

        if ((_childMap & bit) == 0)
        {
            return this;
        }

        var place = Rank(_childMap, bit);
        var child = _children[place].Without(key, hash, shift + Bits);
        if (ReferenceEquals(child, _children[place]))
        {
            return this;
        }

        // A child with one entry is an entry: equal content has one shape, or comparing would find what is not.
        return child.IsSingle
            ? new(
                _entryMap | bit,
                _childMap & ~bit,
                Insert(_entries, Rank(_entryMap, bit), child._entries[0]),
                Remove(_children, place)
            )
            : new(_entryMap, _childMap, _entries, Replace(_children, place, child));
    }

    public static void Compare(
        MapNode<TKey, TValue> before,
        MapNode<TKey, TValue> after,
        int shift,
        List<MapChange<TKey, TValue>> changes
    )
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (shift >= HashBits)
        {
            CompareLists(before._entries, after._entries, changes);
            return;
        }

        for (
            var rest = before._entryMap | before._childMap | after._entryMap | after._childMap;
            rest != 0;
            rest &= rest - 1
        )
        {
            var bit = rest & (0u - rest);
            var (old, now) = (before.ChildAt(bit), after.ChildAt(bit));
            if (old is not null && now is not null)
            {
                Compare(old, now, shift + Bits, changes);
            }
            else
            {
                CompareLists(before.ContentAt(bit), after.ContentAt(bit), changes);
            }
        }
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var entry in All())
        {
            yield return new(entry.Key, entry.Value);
        }
    }

    private IEnumerable<MapEntry<TKey, TValue>> All()
    {
        foreach (var entry in _entries)
        {
            yield return entry;
        }

        foreach (var child in _children)
        {
            foreach (var entry in child.All())
            {
                yield return entry;
            }
        }
    }

    private static void CompareLists(
        ReadOnlySpan<MapEntry<TKey, TValue>> before,
        ReadOnlySpan<MapEntry<TKey, TValue>> after,
        List<MapChange<TKey, TValue>> changes
    )
    {
        foreach (var old in before)
        {
            var now = ValueOf(after, old);
            if (!ReferenceEquals(old.Value, now))
            {
                changes.Add(new(old.Key, old.Value, now));
            }
        }

        foreach (var now in after)
        {
            if (ValueOf(before, now) is null)
            {
                changes.Add(new(now.Key, null, now.Value));
            }
        }
    }

    private static TValue? ValueOf(ReadOnlySpan<MapEntry<TKey, TValue>> entries, in MapEntry<TKey, TValue> wanted)
    {
        foreach (ref readonly var entry in entries)
        {
            if (Same(entry, wanted.Key, wanted.Hash))
            {
                return entry.Value;
            }
        }

        return null;
    }

    private MapNode<TKey, TValue>? ChildAt(uint bit) => (_childMap & bit) == 0 ? null : _children[Rank(_childMap, bit)];

    private ReadOnlySpan<MapEntry<TKey, TValue>> ContentAt(uint bit) =>
        ChildAt(bit) is { } child ? child.All().ToArray()
        : (_entryMap & bit) == 0 ? []
        : _entries.AsSpan(Rank(_entryMap, bit), 1);

    private int IndexOf(TKey key, int hash) => Array.FindIndex(_entries, entry => Same(entry, key, hash));

    private static bool Same(in MapEntry<TKey, TValue> entry, TKey key, int hash) =>
        entry.Hash == hash && EqualityComparer<TKey>.Default.Equals(entry.Key, key);

    private static uint BitOf(int hash, int shift) => 1u << ((hash >>> shift) & 31);

    private static int Rank(uint map, uint bit) => BitOperations.PopCount(map & (bit - 1));

    private static T[] Replace<T>(T[] array, int at, in T item)
    {
        var copy = (T[])array.Clone();
        copy[at] = item;
        return copy;
    }

    private static T[] Insert<T>(T[] array, int at, in T item) => [.. array.AsSpan(0, at), item, .. array.AsSpan(at)];

    private static T[] Remove<T>(T[] array, int at) => [.. array.AsSpan(0, at), .. array.AsSpan(at + 1)];
}
