using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Model.Tests;

/// <summary>A map beside a dictionary that is told the same.</summary>
public sealed class MapTests
{
    private const int Rounds = 4_000;
    private const int MostKeys = 60;

    // Equal ones collide for good; the others share all bits but one, so that branches are as deep as they can be.
    private static readonly int[] Hashes = [0, 1, 1 << 5, 1 << 17, 1 << 29, 1 << 30, int.MinValue, -1];

    public enum Collisions
    {
        Many,
        None,
    }

    [Theory]
    [InlineData(Collisions.Many)]
    [InlineData(Collisions.None)]
    public void A_map_holds_what_a_dictionary_would(Collisions collisions)
    {
        foreach (var (map, model) in History(collisions))
        {
            Assert.Equal(model.Count, map.Count);
            Assert.Equal(model.Count == 0, map.IsEmpty);
            Assert.Equal(model.Count, map.Keys.ToHashSet().Count);
            foreach (var (key, value) in map)
            {
                Assert.Same(model[key], value);
            }

            for (var id = 0; id < MostKeys; id++)
            {
                var key = KeyOf(id, collisions);
                Assert.Same(model.GetValueOrDefault(key), map[key]);
                Assert.Equal(model.ContainsKey(key), map.ContainsKey(key));
                Assert.Equal(model.ContainsKey(key), map.TryGet(key, out _));
            }
        }
    }

    [Theory]
    [InlineData(Collisions.Many)]
    [InlineData(Collisions.None)]
    public void Two_versions_differ_in_what_they_hold_and_in_nothing_else(Collisions collisions)
    {
        var random = Seeds.NewRandom();
        var versions = History(collisions).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var (before, then) = versions[random.Next(versions.Count)];
            var (after, now) = versions[random.Next(versions.Count)];
            AssertChanges(then, now, after.ChangesSince(before));
            Assert.Equal(then.Count == now.Count && !then.Except(now).Any(), after.Equals(before));
        }
    }

    [Theory]
    [InlineData(Collisions.Many)]
    [InlineData(Collisions.None)]
    public void How_a_map_came_about_cannot_be_seen(Collisions collisions)
    {
        foreach (var (map, model) in History(collisions))
        {
            var rebuilt = Map<Key, Value>.From(model);
            Assert.Empty(map.ChangesSince(rebuilt));
            Assert.Empty(rebuilt.ChangesSince(map));
            Assert.Equal(rebuilt, map);
            Assert.Equal(rebuilt.GetHashCode(), map.GetHashCode());
            if (collisions == Collisions.None)
            {
                // Entries stand before branches, so a branch that is too long shows in the order.
                Assert.Equal(rebuilt.Keys, map.Keys);
            }
        }
    }

    [Theory]
    [InlineData(Collisions.Many)]
    [InlineData(Collisions.None)]
    public void Nothing_new_is_made_when_nothing_changes(Collisions collisions)
    {
        foreach (var (map, model) in History(collisions))
        {
            for (var id = 0; id < MostKeys; id++)
            {
                var key = KeyOf(id, collisions);
                if (model.TryGetValue(key, out var value))
                {
                    Assert.Same(map, map.With(KeyOf(id, collisions), value));
                }
                else
                {
                    Assert.Same(map, map.Without(key));
                    Assert.Empty(map.With(key, new(0)).Without(key).ChangesSince(map));
                }
            }
        }
    }

    [Fact]
    public void Equal_values_make_equal_maps_and_other_objects_are_changes()
    {
        var key = new Key(1, 1);
        var one = Map<Key, Value>.Empty.With(key, new(7));
        var two = Map<Key, Value>.Empty.With(key, new(7));
        Assert.Equal(one, two);
        Assert.Equal([new(key, one[key], two[key])], two.ChangesSince(one));
        Assert.NotEqual(one, two.With(key, new(8)));
        Assert.NotEqual(one, Map<Key, Value>.Empty.With(new(2, 1), new(7)));
    }

    [Fact]
    public void The_last_value_of_a_key_that_stands_twice_is_kept()
    {
        var key = new Key(1, 1);
        var map = Map<Key, Value>.From([new(key, new(1)), new(new(2, 1), new(2)), new(new(1, 1), new(3))]);
        Assert.Equal(2, map.Count);
        Assert.Equal(3, map[key]!.Number);
    }

    [Fact]
    public void What_a_dictionary_holds_apart_by_rules_of_its_own_is_one_key_here()
    {
        var own = new Dictionary<Key, Value>(ReferenceEqualityComparer.Instance)
        {
            [new(1, 1)] = new(7),
            [new(1, 1)] = new(7),
        };
        var map = Map<Key, Value>.From(own);
        Assert.Single(map);
        Assert.True(map.Without(new(1, 1)).IsEmpty);
    }

    [Fact]
    public void An_empty_map_is_one_object()
    {
        Assert.Same(Map<Key, Value>.Empty, Map<Key, Value>.From([]));
        Assert.Same(Map<Key, Value>.Empty, Map<Key, Value>.Empty.With(new(1, 1), new(1)).Without(new(1, 1)));
    }

    [Fact]
    public void A_set_holds_each_object_once()
    {
        var set = Map.SetOf("a", "b", "a");
        Assert.Equal(["a", "b"], set.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("a", set["a"]);
    }

    [Fact]
    public void One_difference_among_many_is_found_without_a_walk()
    {
        const int Many = 100_000;
        var random = Seeds.NewRandom();
        var looked = new Looks();
        var keys = Enumerable.Range(0, Many).Select(id => new CountingKey(id, random.Next(), looked)).ToList();
        var before = Map<CountingKey, Value>.From(keys.Select(key => KeyValuePair.Create(key, new Value(0))));
        var key = keys[random.Next(Many)];
        foreach (
            var after in new[] { before.With(key, new(1)), before.Without(key), before.Without(key).With(key, new(2)) }
        )
        {
            looked.Count = 0;
            var change = Assert.Single(after.ChangesSince(before));
            Assert.Equal(key, change.Key);
            Assert.Same(before[key], change.Before);
            Assert.Same(after[key], change.After);
            // Four levels of 32 hold them all; where branches end, a slot in a few is taken by two.
            Assert.InRange(looked.Count, 1, 8 * 32);
        }
    }

    private static void AssertChanges(
        Dictionary<Key, Value> before,
        Dictionary<Key, Value> after,
        IReadOnlyList<MapChange<Key, Value>> changes
    )
    {
        var expected = new List<MapChange<Key, Value>>();
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (old, now) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            if (!ReferenceEquals(old, now))
            {
                expected.Add(new(key, old, now));
            }
        }

        Assert.Equal(expected.OrderBy(change => change.Key.Id), changes.OrderBy(change => change.Key.Id));
    }

    /// <summary>Random steps from nothing; each version with what it should hold.</summary>
    private static IEnumerable<(Map<Key, Value> Map, Dictionary<Key, Value> Model)> History(Collisions collisions)
    {
        var random = Seeds.NewRandom();
        var (map, model) = (Map<Key, Value>.Empty, new Dictionary<Key, Value>());
        // It grows and shrinks in turns, so that every size is met on the way up and on the way down.
        for (var step = 0; step < 600; step++)
        {
            var key = KeyOf(random.Next(MostKeys), collisions);
            if (random.Next(10) < (step % 200 < 100 ? 8 : 2))
            {
                var value = new Value(random.Next(3));
                map = map.With(key, value);
                model[key] = value;
            }
            else
            {
                map = map.Without(key);
                model.Remove(key);
            }

            yield return (map, new(model));
        }
    }

    // Without collisions: each of two spread bits of the number becomes one of the hash, over all its levels.
    private static Key KeyOf(int id, Collisions collisions) =>
        new(id, collisions == Collisions.Many ? Hashes[id % Hashes.Length] : Spread(id));

    private static int Spread(int id)
    {
        var hash = 0;
        for (var bit = 0; bit < 6; bit++)
        {
            hash |= ((id >> bit) & 1) << ((bit * 6) + (bit == 5 ? 1 : 0));
        }

        return hash;
    }

    public sealed record Value(int Number);

    public sealed record Key(int Id, int Hash)
    {
        public bool Equals(Key? other) => other is not null && Id == other.Id;

        public override int GetHashCode() => Hash;
    }

    private sealed class Looks
    {
        public int Count { get; set; }
    }

    private sealed record CountingKey(int Id, int Hash, Looks Looks)
    {
        public bool Equals(CountingKey? other)
        {
            Looks.Count++;
            return other is not null && Id == other.Id;
        }

        public override int GetHashCode() => Hash;
    }
}
