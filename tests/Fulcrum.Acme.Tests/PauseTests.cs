using Fulcrum.Acme.Ordering;
using Fulcrum.Acme.Storage;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Tests;

public sealed class PauseTests
{
    private static readonly DateTimeOffset Day0 = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StoredCertificate Certificate = new(Day0, Day0 + TimeSpan.FromDays(90), "f", "id");

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 120)]
    [InlineData(5, 960)]
    [InlineData(9, 15360)]
    [InlineData(10, 21600)]
    [InlineData(100_000, 21600)]
    public void Pauses_double_up_to_six_hours_less_a_random_part(int failures, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Pause.AfterFailure(failures, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(seconds * 0.75), Pause.AfterFailure(failures, null, 1));
        Assert.Equal(TimeSpan.FromDays(2), Pause.AfterFailure(failures, TimeSpan.FromDays(2), 0));
    }

    [Fact]
    public void A_wish_is_within_its_time_and_never_almost_too_late()
    {
        var wish = new AcmeRenewalInfo(Day0 + TimeSpan.FromDays(20), Day0 + TimeSpan.FromDays(30), null);
        Assert.Equal(Day0 + TimeSpan.FromDays(25), Renewal.ByWish(Certificate, wish, 0.5));
        var late = new AcmeRenewalInfo(Day0 + TimeSpan.FromDays(89), Day0 + TimeSpan.FromDays(400), null);
        Assert.Equal(Day0 + TimeSpan.FromDays(81), Renewal.ByWish(Certificate, late, 0.5));
    }

    [Fact]
    public void A_look_is_as_far_off_as_asked_within_reason()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), Pause.OfPoll(0, null));
        Assert.Equal(TimeSpan.FromSeconds(15), Pause.OfPoll(1000, null));
        Assert.Equal(TimeSpan.FromSeconds(30), Pause.OfPoll(0, TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.FromMinutes(5), Pause.OfPoll(0, TimeSpan.FromDays(30)));
    }
}
