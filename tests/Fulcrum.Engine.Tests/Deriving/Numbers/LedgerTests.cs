using Fulcrum.Engine.Deriving.Numbers;

namespace Fulcrum.Engine.Tests.Deriving.Numbers;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(NumberKind.ServiceMark, 256, 8255, "seesaw 3.1: marks 256..8255")]
    [InlineData(NumberKind.ProbeMark, 65536, 81535, "apart from the marks of services")]
    [InlineData(NumberKind.Backend, 1, 1048575, "2^20 entries, of which 0 is nobody's")]
    public void Each_kind_has_a_range_of_its_own(NumberKind kind, int first, int last, string source)
    {
        Assert.NotEmpty(source);
        Assert.InRange(Ask(Ledger.Empty, new(kind, "dns"), Start).Value!.Value, first, last);
        foreach (var inside in new[] { first, last })
        {
            var adopted = Ledger.Empty.Adopt(new(kind, "dns"), inside, Start);
            Assert.Equal(inside, Ask(adopted, new(kind, "dns"), Start).Value);
        }

        foreach (var outside in new[] { first - 1, last + 1 })
        {
            Assert.Same(Ledger.Empty, Ledger.Empty.Adopt(new(kind, "dns"), outside, Start));
        }
    }

    /// <summary>The numbers themselves are a promise: nodes of different versions tell each other of connections by mark.</summary>
    [Fact]
    public void Services_have_the_same_mark_on_nodes_that_never_met()
    {
        string[] names = ["dns", "web", "shop", "tcp://192.0.2.80:5000-5999", "voice"];
        Assert.Equal(Marks(names).Order(), Marks([.. names.Reverse()]).Order());
        Assert.Equal([1339, 5115, 874, 6080, 4731], Marks(names));

        // Somebody else has it already: then it is one that nobody ever had.
        var taken = Ledger.Empty.Adopt(new(NumberKind.ServiceMark, "other"), Marks(["dns"])[0], Start);
        Assert.Equal(256, Ask(taken, new(NumberKind.ServiceMark, "dns"), Start).Value);
    }

    [Fact]
    public void When_all_are_in_use_there_is_none()
    {
        var full = Full();
        var (after, value) = Ask(full, Probe("one too many"), Start.AddYears(1));
        Assert.Null(value);
        Assert.Same(full, after);
    }

    [Fact]
    public void An_owner_keeps_its_number_and_a_kind_does_not_know_another()
    {
        var (ledger, first) = Ask(Ledger.Empty, Probe("dns"), Start);
        (ledger, var second) = Ask(ledger, Probe("web"), Start);
        (ledger, var backend) = Ask(ledger, new(NumberKind.Backend, "dns"), Start);
        Assert.Equal((65536, 65537, 1), (first, second, backend));
        var (same, again) = Ask(ledger, Probe("dns"), Start.AddYears(1));
        Assert.Equal(65536, again);
        Assert.Same(ledger, same);
    }

    [Fact]
    public void Freed_and_taken_again_by_one_decision_is_no_change()
    {
        var (ledger, _) = Ask(Ledger.Empty, Probe("dns"), Start);
        var draft = new LedgerDraft(ledger, Start);
        draft.Free(Probe("dns"));
        draft.Free(Probe("who never had one"));
        Assert.Equal(65536, draft.Take(Probe("dns")));
        Assert.Same(ledger, draft.Finish());
    }

    [Fact]
    public void Who_returns_gets_its_number_back_at_any_time()
    {
        var (ledger, _) = Ask(Ledger.Empty, Probe("dns"), Start);
        ledger = Free(ledger, Probe("dns"), Start);
        Assert.Equal(Start, ledger.Entries[Probe("dns")]!.FreedAt);
        (ledger, var back) = Ask(ledger, Probe("dns"), Start.AddYears(1));
        Assert.Equal((65536, null), (back, ledger.Entries[Probe("dns")]!.FreedAt));
    }

    [Fact]
    public void A_number_that_was_never_given_comes_before_one_that_was()
    {
        var (ledger, _) = Ask(Ledger.Empty, Probe("dns"), Start);
        ledger = Free(ledger, Probe("dns"), Start);
        Assert.Equal(65537, Ask(ledger, Probe("web"), Start.AddYears(1)).Value);
    }

    [Fact]
    public void A_freed_number_rests_ten_minutes_and_the_longest_freed_goes_first()
    {
        var ledger = Full();
        ledger = Free(ledger, Probe("20"), Start);
        ledger = Free(ledger, Probe("10"), Start.AddMinutes(1));
        Assert.Null(Ask(ledger, Probe("new"), Start.AddMinutes(10).AddTicks(-1)).Value);
        (ledger, var given) = Ask(ledger, Probe("new"), Start.AddMinutes(10));
        Assert.Equal(65556, given);
        Assert.Null(ledger.Entries[Probe("20")]);
        Assert.Null(Ask(ledger, Probe("newer"), Start.AddMinutes(10)).Value);
        Assert.Equal(65546, Ask(ledger, Probe("newer"), Start.AddMinutes(11)).Value);
        // Who comes back too late is one of many.
        Assert.Equal(65546, Ask(ledger, Probe("20"), Start.AddMinutes(11)).Value);
    }

    [Fact]
    public void The_rest_begins_anew_each_time()
    {
        var ledger = Free(Full(), Probe("10"), Start);
        (ledger, _) = Ask(ledger, Probe("10"), Start.AddMinutes(9));
        Assert.Null(Ask(ledger, Probe("new"), Start.AddMinutes(30)).Value);
        ledger = Free(ledger, Probe("10"), Start.AddMinutes(30));
        Assert.Null(Ask(ledger, Probe("new"), Start.AddMinutes(39)).Value);
        Assert.Equal(65546, Ask(ledger, Probe("new"), Start.AddMinutes(40)).Value);
    }

    [Fact]
    public void What_was_written_down_is_the_owners_when_it_asks()
    {
        var ledger = Ledger.Empty.Adopt(Probe("dns"), 65580, Start).Adopt(Probe("web"), 65536, Start);
        (ledger, var dns) = Ask(ledger, Probe("dns"), Start.AddHours(1));
        (ledger, var other) = Ask(ledger, Probe("other"), Start.AddHours(1));
        (_, var web) = Ask(ledger, Probe("web"), Start.AddHours(1));
        Assert.Equal((65580, 65537, 65536), (dns, other, web));
    }

    [Fact]
    public void What_was_written_down_and_is_nobodys_any_more_can_go_to_another()
    {
        var ledger = Ledger.Empty;
        for (var value = 65536; value <= 81535; value++)
        {
            ledger = ledger.Adopt(Probe($"{value}"), value, Start);
        }

        Assert.Null(Ask(ledger, Probe("new"), Start.AddMinutes(9)).Value);
        Assert.NotNull(Ask(ledger, Probe("new"), Start.AddMinutes(10)).Value);
    }

    [Theory]
    [InlineData("web", 65580, "another has the number")]
    [InlineData("dns", 65581, "the owner has a number")]
    public void The_first_claim_holds(string owner, int value, string why)
    {
        Assert.NotEmpty(why);
        var ledger = Ledger.Empty.Adopt(Probe("dns"), 65580, Start);
        Assert.Same(ledger, ledger.Adopt(Probe(owner), value, Start));
    }

    [Fact]
    public void A_ledger_that_was_written_down_goes_on_as_if_nothing_had_been()
    {
        var ledger = Full();
        ledger = Free(ledger, Probe("10"), Start);
        var adopted = Ledger.Empty;
        foreach (var (key, entry) in ledger.Entries)
        {
            adopted = adopted.Adopt(key, entry.Value, entry.FreedAt ?? Start.AddMinutes(5));
        }

        Assert.Null(Ask(adopted, Probe("new"), Start.AddMinutes(9)).Value);
        Assert.Equal(65546, Ask(adopted, Probe("new"), Start.AddMinutes(10)).Value);
        Assert.Equal(65556, Ask(adopted, Probe("20"), Start.AddMinutes(10)).Value);
    }

    private static int[] Marks(string[] owners)
    {
        var draft = new LedgerDraft(Ledger.Empty, Start);
        return [.. owners.Select(owner => draft.Take(new(NumberKind.ServiceMark, owner))!.Value)];
    }

    private static Ledger Full()
    {
        var draft = new LedgerDraft(Ledger.Empty, Start);
        for (var i = 0; i < 16000; i++)
        {
            Assert.Equal(65536 + i, draft.Take(Probe($"{i}")));
        }

        return draft.Finish();
    }

    private static (Ledger Ledger, int? Value) Ask(Ledger ledger, NumberKey key, DateTimeOffset now)
    {
        var draft = new LedgerDraft(ledger, now);
        var value = draft.Take(key);
        return (draft.Finish(), value);
    }

    private static Ledger Free(Ledger ledger, NumberKey key, DateTimeOffset now)
    {
        var draft = new LedgerDraft(ledger, now);
        draft.Free(key);
        return draft.Finish();
    }

    private static NumberKey Probe(string name) => new(NumberKind.ProbeMark, name);
}
