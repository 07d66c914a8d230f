using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Deriving.Numbers;

public sealed class LedgerPropertyTests
{
    /// <summary>More owners than numbers, so that numbers run out and go round.</summary>
    [Fact]
    public void No_number_has_two_owners_or_changes_its_owner_before_it_has_rested()
    {
        var random = Seeds.NewRandom();
        var now = DateTimeOffset.UnixEpoch;
        var ledger = Nearly(random, now);
        var last = new Dictionary<int, (string Owner, DateTimeOffset? Freed)>();
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        var (given, refused) = (0, 0);
        for (var step = 0; step < Soak.Count(40_000); step++)
        {
            now += TimeSpan.FromSeconds(random.Next(90));
            var draft = new LedgerDraft(ledger, now);
            for (var i = random.Next(4); i > 0; i--)
            {
                var owner = $"owner {random.Next(60)}";
                if (random.Next(2) == 0)
                {
                    draft.Free(new(NumberKind.ServiceMark, owner));
                    if (held.Remove(owner, out var freed))
                    {
                        last[freed] = (owner, now);
                    }
                }
                else if (draft.Take(new(NumberKind.ServiceMark, owner)) is not { } value)
                {
                    Assert.False(held.ContainsKey(owner));
                    refused++;
                }
                else
                {
                    Assert.Equal(value, held.GetValueOrDefault(owner, value));
                    var former = last.GetValueOrDefault(value, (Owner: owner, Freed: null));
                    Assert.True(
                        former.Owner == owner || now - former.Freed >= Ledger.Rest,
                        $"{value} went from {former.Owner} to {owner}"
                    );
                    given += former.Owner == owner ? 0 : 1;
                    held[owner] = value;
                    last[value] = (owner, null);
                }
            }

            ledger = draft.Finish();
        }

        var live = ledger.Entries.Values.Where(entry => entry.FreedAt is null).Select(entry => entry.Value).ToList();
        Assert.Equal(live.Count, live.Distinct().Count());
        Assert.True(ledger.Entries.Count <= 8000);
        Assert.True(given > 0 && refused > 0, $"{given} numbers went to others, {refused} takes were refused");
    }

    [Fact]
    public void A_hundred_thousand_owners_come_go_and_come_back()
    {
        const int Owners = 100_000;
        var keys = Enumerable.Range(0, Owners).Select(i => new NumberKey(NumberKind.Backend, $"pool/{i}")).ToArray();
        var now = DateTimeOffset.UnixEpoch;
        var draft = new LedgerDraft(Ledger.Empty, now);
        var values = Array.ConvertAll(keys, draft.Take);
        Array.ForEach(keys, draft.Free);
        draft = new LedgerDraft(draft.Finish(), now.AddHours(1));
        Assert.Equal(values, Array.ConvertAll(keys, draft.Take));
        Assert.Equal(Owners, draft.Finish().Entries.Values.Count(entry => entry.FreedAt is null));
    }

    /// <summary>All but a few numbers are somebody's for good.</summary>
    private static Ledger Nearly(Random random, DateTimeOffset now)
    {
        var draft = new LedgerDraft(Ledger.Empty, now);
        for (var i = random.Next(10, 25); i < 8000; i++)
        {
            draft.Take(new(NumberKind.ServiceMark, $"resident {i}"));
        }

        return draft.Finish();
    }
}
