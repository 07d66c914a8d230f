using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.Sources;

/// <summary>What holds after any sequence of changes, by files, the API and live sources, good ones and bad ones.</summary>
public sealed class SourceBookProperties
{
    private const int Sequences = 60;
    private const int Steps = 25;

    private static readonly Source[] Whole = [Edge, Source.File("other.yaml"), Source.Api];
    private static readonly Source[] Live = [Cluster, OtherCluster, Docker];

    [Fact]
    public void After_any_sequence_the_whole_is_valid_and_everybody_is_in_who_can_be()
    {
        var random = Seeds.NewRandom();
        var (refused, taken, quarantined) = (0, 0, 0);
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var book = SourceBook.Empty;
            for (var step = 0; step < Steps; step++)
            {
                var before = book;
                book = Change(book, random, ref taken, ref refused);
                AssertValid(book.Snapshot);
                AssertOwned(book);
                AssertQuarantinedForAReason(book);
                AssertNobodyWasRobbed(before, book);
                Assert.Same(book.Snapshot, SnapshotSettling.Settle(before.Snapshot, book.Snapshot));
                quarantined += book.Quarantined.Count;
            }
        }

        // Else the sequences prove nothing. Chance decides how many: some 80 are taken.
        const int enough = Sequences / 4;
        Assert.True(taken > enough && refused > enough && quarantined > enough, $"{taken} {refused} {quarantined}");
    }

    [Fact]
    public void Without_conflicting_claims_the_order_of_live_updates_does_not_matter()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < Sequences; run++)
        {
            // Names and ports of their own, but they lead to each other's objects, or to ones that are not there.
            var file = Of(Upstream("u9"));
            var contents = Live.Select((source, i) => (Source: source, Content: Separate(random, i))).ToList();
            var one = Applied(file, contents);
            var other = Applied(file, [.. contents.OrderBy(_ => random.Next())]);
            Assert.Equal(one.Snapshot, other.Snapshot);
            Assert.Equal(one.Quarantined, other.Quarantined);
        }
    }

    [Fact]
    public void Of_conflicting_claims_the_first_is_in_whatever_comes_in_between()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < Sequences; run++)
        {
            var order = Live.OrderBy(_ => random.Next()).ToList();
            var book = order.Aggregate(
                SourceBook.Empty,
                (former, source) =>
                    former.ReplaceLive(
                        source,
                        Of(Upstream($"{source.Name}-u"), Service($"{source.Name}-s", $"{source.Name}-u", 80))
                    )
            );
            Assert.Equal([$"{order[0].Name}-s"], book.Snapshot.Services.Select(service => service.Name));
            // The claim goes to who waited longest, not to who changed last.
            book = book.ReplaceLive(
                    order[2],
                    Of(Upstream($"{order[2].Name}-u", 7), Service($"{order[2].Name}-s", $"{order[2].Name}-u", 80))
                )
                .ReplaceLive(order[0], Snapshot.Empty);
            Assert.Equal([$"{order[1].Name}-s"], book.Snapshot.Services.Select(service => service.Name));
        }
    }

    private static SourceBook Applied(Snapshot file, List<(Source Source, Snapshot Content)> contents) =>
        contents.Aggregate(
            SourceBook.Empty.Replace(Edge, file).Book!,
            (book, item) => book.ReplaceLive(item.Source, item.Content)
        );

    private static SourceBook Change(SourceBook book, Random random, ref int taken, ref int refused)
    {
        BookResult result;
        switch (random.Next(6))
        {
            case 0:
                result = book.Replace(Whole[random.Next(Whole.Length)], RandomContent.Of(random));
                break;
            case 1:
                result = book.ChangeApi(RandomContent.Changes(random));
                break;
            case 2 when book.Quarantined.Count + book.Snapshot.Services.Count > 0:
                return RandomContent.Refuse(book, random, Live[random.Next(Live.Length)]);
            default:
                return book.ReplaceLive(Live[random.Next(Live.Length)], RandomContent.Of(random));
        }

        Assert.Equal(result.Book is null, result.Findings.Count > 0);
        (taken, refused) = result.Book is null ? (taken, refused + 1) : (taken + 1, refused);
        return result.Book ?? book;
    }

    private static void AssertValid(Snapshot snapshot) => Assert.Empty(ErrorsIn(snapshot));

    // Who is in has one owner, who brings it; who brings something has it in, or is told why not.
    private static void AssertOwned(SourceBook book)
    {
        var quarantined = book.Quarantined.Select(item => (item.Source, item.Key)).ToHashSet();
        Assert.Equal(book.Quarantined.Count, quarantined.Count);
        foreach (var section in SnapshotSection.All)
        {
            var present = section.Of(book.Snapshot);
            Assert.Equal(present.Count, present.DistinctBy(item => item.Name).Count());
            foreach (var item in present)
            {
                var owner = book.OwnerOf(section.Key, item.Name);
                Assert.Equal(item, section.Find(book.ContentOf(owner!), item.Name));
            }

            foreach (var source in Whole.Concat(Live))
            {
                foreach (var item in section.Of(book.ContentOf(source)))
                {
                    var isIn = book.OwnerOf(section.Key, item.Name) == source;
                    Assert.True(isIn != quarantined.Contains((source, new(section.Key, item.Name))));
                    Assert.True(isIn || source.IsLive);
                }
            }
        }
    }

    private static void AssertQuarantinedForAReason(SourceBook book)
    {
        foreach (var item in book.Quarantined)
        {
            Assert.NotEmpty(item.Problems);
            if (
                item.Problems[0].Message == RandomContent.Refusal
                || book.OwnerOf(item.Key.Kind, item.Key.Name) is not null
            )
            {
                continue;
            }

            var section = SnapshotSection.Find(item.Key.Kind)!;
            var whole = section.With(book.Snapshot, section.Find(book.ContentOf(item.Source), item.Key.Name)!);
            Assert.NotEmpty(ErrorsIn(whole));
        }
    }

    // Who was in and did not change may lose what it leads to, but newcomers take nothing from it.
    private static void AssertNobodyWasRobbed(SourceBook before, SourceBook after)
    {
        foreach (var item in after.Quarantined)
        {
            var (source, key) = (item.Source, item.Key);
            var section = SnapshotSection.Find(key.Kind)!;
            var mine = section.Find(after.ContentOf(source), key.Name)!;
            if (
                before.OwnerOf(key.Kind, key.Name) == source
                && mine.Equals(section.Find(before.ContentOf(source), key.Name))
                && item.Problems[0].Message != RandomContent.Refusal
            )
            {
                Assert.NotEmpty(ErrorsIn(section.With(WithoutNewcomers(before, after), mine)));
            }
        }
    }

    private static Snapshot WithoutNewcomers(SourceBook before, SourceBook after)
    {
        var whole = after.Snapshot;
        foreach (var section in SnapshotSection.All)
        {
            var stayed = section
                .Of(whole)
                .Where(item =>
                    after.OwnerOf(section.Key, item.Name) is var owner
                    && (!owner!.IsLive || owner == before.OwnerOf(section.Key, item.Name))
                );
            whole = section.WithAll(whole, [.. stayed]);
        }

        return whole;
    }

    private static IEnumerable<Finding> ErrorsIn(Snapshot snapshot) =>
        SnapshotValidator.Validate(snapshot).Where(finding => finding.Severity == Severity.Error);

    private static Snapshot Separate(Random random, int source)
    {
        var items = new List<INamed>();
        for (var i = 0; i < 3; i++)
        {
            var name = (source * 3) + i;
            items.Add(
                Upstream($"u{name}", random.Next(1, 9)) with
                {
                    Backends = random.Next(4) == 0 ? [] : [Snapshots.Backend("10.0.0.1")],
                }
            );
            items.Add(Service($"s{name}", $"u{random.Next(11)}", 80 + name));
            items.Add(Vip($"v{name}", name + 1));
            items.Add(Vrrp($"a{name}", name + 1, $"v{random.Next(10)}"));
            items.Add(Goto($"r{name}", [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"r{random.Next(10)}")]));
        }

        return Of([.. items.OrderBy(_ => random.Next())]);
    }
}
