using Fulcrum.Engine.Ports;

namespace Fulcrum.Acme.Tests;

public sealed class RenewingTests : ManagerTest
{
    [Fact]
    public async Task A_certificate_is_renewed_when_two_thirds_of_its_life_are_over_or_a_little_before()
    {
        var names = Enumerable.Range(0, 6).Select(i => $"n{i}.example.com").ToArray();
        Start(Settings, names);
        await Until(() => Reports.Count(report => report.State == AcmeState.Valid) == names.Length, "certificates");
        await Until(() => !Manager.IsBusy, "rest");
        var began = Time.Elapsed;
        var times = new HashSet<DateTimeOffset>(Reports.Select(report => report.NextAttempt!.Value));
        Assert.Equal(names.Length, times.Count);
        var old = Reports.ToDictionary(report => report.Name, report => report.NotAfter);
        await Until(() => Reports.Any(report => report.NotAfter != old[report.Name]), "the first renewal");
        // 60 days of 90, less at most a twentieth of the life.
        Assert.InRange(Time.Elapsed - began, TimeSpan.FromDays(55.4), TimeSpan.FromDays(60));
        await Until(() => Reports.All(report => report.NotAfter != old[report.Name]), "all renewals");
        Assert.InRange(Time.Elapsed - began, TimeSpan.FromDays(55.4), TimeSpan.FromDays(60.1));
        Assert.Equal(2 * names.Length, Authority.Orders);
        Assert.Empty(Authority.Replaced);
    }

    [Fact]
    public async Task A_certificate_is_renewed_when_its_authority_wishes()
    {
        var start = Time.GetUtcNow() + TimeSpan.FromDays(10);
        Authority.Renewal = () => (start, start + TimeSpan.FromDays(2));
        Start(Settings, Shop);
        await UntilValid();
        var old = Report().NotAfter;
        await Until(() => Report().NotAfter != old, "the renewal");
        Assert.InRange(Time.GetUtcNow(), start, start + TimeSpan.FromDays(2.1));
        Assert.Single(Authority.Replaced);
        Assert.Equal(2, Authority.Orders);
    }

    [Fact]
    public async Task An_authority_that_suddenly_wants_a_renewal_gets_it_within_hours()
    {
        var start = Time.GetUtcNow() + TimeSpan.FromDays(50);
        Authority.Renewal = () => (start, start + TimeSpan.FromDays(2));
        Start(Settings, Shop);
        await UntilValid();
        await Until(() => Time.Elapsed > TimeSpan.FromDays(5), "five days");
        Assert.Equal(1, Authority.Orders);
        // It is to be revoked.
        var (old, at) = (Report().NotAfter, Time.Elapsed);
        Authority.Renewal = () => (start - TimeSpan.FromDays(51), start - TimeSpan.FromDays(50));
        await Until(() => Report().NotAfter != old, "the renewal");
        Assert.InRange(Time.Elapsed - at, TimeSpan.Zero, TimeSpan.FromHours(6.1));
        await StopAsync();
    }
}
