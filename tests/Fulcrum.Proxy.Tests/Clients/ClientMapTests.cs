using Fulcrum.Proxy.Clients;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Clients;

public sealed class ClientMapTests
{
    [Fact]
    public void It_does_what_a_list_would_do()
    {
        const int Capacity = 40;
        var random = Seeds.NewRandom();
        var map = new ClientMap<Mark>(Capacity);
        // In the order of last use; those in use have users.
        var known = new List<Entry>();
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(3) == 0 && known.Any(entry => entry.Users > 0))
            {
                var used = known.Where(entry => entry.Users > 0).ToList();
                var entry = used[random.Next(used.Count)];
                Assert.Equal(entry.Users == 1, map.Release(entry.Slot));
                known.Remove(entry);
                known.Add(entry with { Users = entry.Users - 1 });
            }
            else
            {
                var client = (UInt128)random.Next(Capacity * 2);
                Take(map, known, client, Capacity);
            }

            Assert.Equal(known.Count, map.Count);
        }
    }

    [Fact]
    public void What_is_over_leaves_when_somebody_comes()
    {
        var map = new ClientMap<Mark>(100);
        for (var client = 0; client < 10; client++)
        {
            map.Release(map.Take((UInt128)client, client, 0));
        }

        Assert.Equal(10, map.Count);
        for (var round = 0; round < 10; round++)
        {
            map[map.Take(999, 1, Mark.Lifetime)] = new Mark(999, long.MaxValue);
        }

        Assert.Equal(1, map.Count);
        Assert.Equal(0, map.Crowded);
    }

    private static void Take(ClientMap<Mark> map, List<Entry> known, UInt128 client, int capacity)
    {
        var crowded = map.Crowded;
        // Few hashes, so that clients meet in buckets.
        var slot = map.Take(client, (int)client % 7, -1);
        var at = known.FindIndex(entry => entry.Client == client);
        if (at >= 0)
        {
            Assert.Equal(known[at].Slot, slot);
            Assert.Equal(client, map[slot].Client);
            known[at] = known[at] with { Users = known[at].Users + 1 };
            return;
        }

        if (known.Count == capacity)
        {
            Assert.Equal(crowded + 1, map.Crowded);
            var idle = known.FindIndex(entry => entry.Users == 0);
            if (idle < 0)
            {
                Assert.True(slot < 0);
                return;
            }

            known.RemoveAt(idle);
        }

        Assert.Equal(default, map[slot]);
        map[slot] = new Mark(client, 0);
        known.Add(new(client, slot, 1));
    }

    private sealed record Entry(UInt128 Client, int Slot, int Users);

    private readonly record struct Mark(UInt128 Client, long Until) : IClientRecord
    {
        public const long Lifetime = 10;

        public bool IsOver(long now) => Until + Lifetime <= now;
    }
}
