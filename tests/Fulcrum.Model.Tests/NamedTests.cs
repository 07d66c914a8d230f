using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Model.Tests;

public sealed class NamedTests
{
    private const int Rounds = 3_000;

    [Fact]
    public void Two_sets_differ_in_what_they_hold_and_not_in_its_order()
    {
        var random = Seeds.NewRandom();
        var before = Named<Thing>.Empty;
        for (var round = 0; round < Rounds; round++)
        {
            var after = Named<Thing>.From(Step([.. before], random));
            var expected = before
                .Concat(after)
                .Select(thing => thing.Name)
                .Distinct(StringComparer.Ordinal)
                .Select(name => new MapChange<string, Thing>(name, before.Find(name), after.Find(name)))
                .Where(change => !ReferenceEquals(change.Before, change.After));
            Assert.Equal(Sorted(expected), Sorted(after.ChangesSince(before)));
            before = after;
        }
    }

    [Fact]
    public void A_set_does_not_differ_from_itself()
    {
        var (a, b) = (new Thing("a"), new Thing("b"));
        var set = Named<Thing>.From([a, b]);
        Assert.Empty(set.ChangesSince(set));
        Assert.Empty(Named<Thing>.From([b, a]).ChangesSince(set));
        Assert.Equal([new("a", a, null), new("b", b, null)], Sorted(Named<Thing>.Empty.ChangesSince(set)));
    }

    [Fact]
    public void Nothing_new_is_made_when_nothing_changes()
    {
        var (a, b) = (new Thing("a"), new Thing("b"));
        var set = Named<Thing>.From([a, b]);
        Assert.Same(set, set.With(b));
        Assert.Same(set, set.Without("c"));
        Assert.NotSame(set, set.With(new Thing("b")));
        Assert.Same(Named<Thing>.Empty, set.Without("a").Without("b"));
    }

    // Objects come, go, move, and are replaced; often several of that at once.
    private static List<Thing> Step(List<Thing> things, Random random)
    {
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var name = $"thing {random.Next(12)}";
            var at = things.FindIndex(thing => thing.Name == name);
            var made = new Thing(name);
            if (at < 0)
            {
                things.Insert(random.Next(things.Count + 1), made);
                continue;
            }

            switch (random.Next(3))
            {
                case 0:
                    things.RemoveAt(at);
                    break;
                case 1:
                    things[at] = made;
                    break;
                default:
                    var thing = things[at];
                    things.RemoveAt(at);
                    things.Insert(random.Next(things.Count + 1), thing);
                    break;
            }
        }

        return things;
    }

    private static IEnumerable<MapChange<string, Thing>> Sorted(IEnumerable<MapChange<string, Thing>> changes) =>
        changes.OrderBy(change => change.Key, StringComparer.Ordinal);

    private sealed class Thing(string name) : INamed
    {
        public string Name => name;

        public override string ToString() => name;
    }
}
