using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.Sources;

/// <summary>Few names, few ports, few addresses: what different sources bring collides often.</summary>
internal static class RandomContent
{
    public const string Refusal = "refused by a plane";

    public static Snapshot Of(Random random) =>
        Objects.Of([.. Enumerable.Range(0, random.Next(7)).Select(_ => Item(random))]);

    public static List<ObjectChange> Changes(Random random) =>
        [
            .. Enumerable
                .Range(0, random.Next(1, 4))
                .Select(_ => ObjectChange.Put(Item(random)))
                .Select(change => random.Next(3) == 0 ? change with { Object = null } : change),
        ];

    /// <summary>A plane refuses something of a live source, or what it refused is tried again.</summary>
    public static SourceBook Refuse(SourceBook book, Random random, Source source)
    {
        var item = Item(random);
        var kind = ObjectChange.Put(item).Key.Kind;
        return random.Next(2) == 0
            ? book.Quarantine(source, kind, item.Name, new() { Message = Refusal })
            : book.Retry(source, kind, item.Name);
    }

    private static INamed Item(Random random)
    {
        var name = random.Next(4);
        return random.Next(9) switch
        {
            0 or 1 or 2 => Upstream($"u{name}", random.Next(1, 4)) with
            {
                Backends = random.Next(6) == 0 ? [] : [Snapshots.Backend($"10.0.0.{random.Next(1, 4)}")],
            },
            3 or 4 or 5 => Service(
                $"s{name}",
                $"u{random.Next(4)}",
                [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => 80 + random.Next(5))]
            ),
            6 => Vip($"v{name}", random.Next(1, 4)),
            7 => Vrrp($"a{name}", random.Next(1, 3), $"v{random.Next(4)}"),
            _ => Goto($"r{name}", [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"r{random.Next(4)}")]),
        };
    }
}
