using System.Net;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class CheckNewsTests
{
    private static readonly ProbeTask Web = TaskAt(80);
    private static readonly ProbeTask Shared = TaskAt(81);
    private static readonly ILookup<ProbeTask, string> Names = new[]
    {
        (Web, "web/one/tcp"),
        (Shared, "api/one/tcp"),
        (Shared, "web/two/tcp"),
    }.ToLookup(pair => pair.Item1, pair => pair.Item2);

    [Theory]
    [InlineData(80, false, false, true, "check web/one/tcp is unhealthy: refused (was healthy)")]
    [InlineData(81, false, false, true, "check api/one/tcp (and 1 more) is unhealthy: refused (was healthy)")]
    [InlineData(82, false, false, true, "check tcp 10.0.0.1:82 is unhealthy: refused (was healthy)")]
    [InlineData(
        80,
        false,
        true,
        true,
        "check web/one/tcp flaps: its results keep changing; now it is unhealthy: refused"
    )]
    [InlineData(80, true, false, true, "check web/one/tcp flaps no more: it is unhealthy: refused")]
    [InlineData(80, true, true, false, null)]
    public void A_change_is_one_sentence_unless_it_is_one_of_many(
        int port,
        bool was,
        bool flaps,
        bool bad,
        string? text
    )
    {
        var change = Change(1, TaskAt(port), Verdict.Healthy, Verdict.Unhealthy) with
        {
            WasFlapping = was,
            IsFlapping = flaps,
        };
        var (told, more) = CheckNews.Of([change], 0, Names, 10);
        Assert.Equal(0, more);
        Assert.Equal(text is null ? [] : [new CheckNews(bad, text)], told);
    }

    [Fact]
    public void Good_news_is_no_warning_but_the_beginning_of_flapping_is()
    {
        var good = Change(1, Web, Verdict.Unhealthy, Verdict.Healthy);
        Assert.False(Assert.Single(CheckNews.Of([good], 0, Names, 10).Told).IsBad);
        Assert.True(Assert.Single(CheckNews.Of([good with { IsFlapping = true }], 0, Names, 10).Told).IsBad);
    }

    [Theory]
    [InlineData(5, 0, 10, 5, 0)]
    [InlineData(4096, 0, 100, 100, 3996)]
    [InlineData(4096, 1000, 100, 100, 4996)]
    public void So_many_are_told_at_most_and_the_rest_is_counted(int kept, int missed, int most, int told, long more)
    {
        var changes = Enumerable.Range(missed + 8, kept).Select(i => Change(i, Web, Verdict.Unknown, Verdict.Healthy));
        var news = CheckNews.Of([.. changes], 7, Names, most);
        Assert.Equal((told, more), (news.Told.Count, news.More));
    }

    [Fact]
    public void Good_news_gives_way_to_bad_and_the_order_stays()
    {
        var changes = Enumerable
            .Range(1, 9)
            .Select(i => Change(i, Web, Verdict.Unknown, i > 6 ? Verdict.Unhealthy : Verdict.Healthy))
            .ToList();
        var (told, more) = CheckNews.Of(changes, 0, Names, 4);
        Assert.Equal([false, true, true, true], told.Select(news => news.IsBad));
        Assert.Equal(5, more);
    }

    private static CheckTransition Change(long sequence, ProbeTask task, Verdict from, Verdict to) =>
        new(sequence, Scenes.Noon, task, from, to, "refused", false, false);

    private static ProbeTask TaskAt(int port) =>
        new()
        {
            Probe = new TcpProbe(),
            Address = IPAddress.Parse("10.0.0.1"),
            Port = port,
            Interval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 2,
            Fall = 3,
        };
}
