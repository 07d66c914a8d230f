using Fulcrum.Engine.Ports;
using Fulcrum.TestKit;

namespace Fulcrum.Acme.Tests;

/// <summary>Authorities as they are on bad days.</summary>
public sealed class AuthorityTests : ManagerTest
{
    [Fact]
    public async Task Nonces_that_are_refused_are_replaced()
    {
        Authority.BadNonces = 3;
        Start(Settings, Shop);
        await UntilValid();
        Assert.Equal(0, Report().Failures);
    }

    [Fact]
    public async Task An_authority_that_refuses_every_nonce_is_not_asked_for_ever()
    {
        Authority.BadNonces = 1000;
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Equal("127.0.0.1 refuses: the nonce is not one of ours (badNonce)", Report().Error);
        Assert.InRange(Authority.Requests, 4, 7);
    }

    [Fact]
    public async Task An_authority_that_is_silent_is_given_up()
    {
        Limits = Limits with { Answer = TimeSpan.FromMilliseconds(300) };
        Authority.IsSilent = true;
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Equal("127.0.0.1 did not answer within 0.3 s", Report().Error);
    }

    [Fact]
    public async Task An_authority_that_is_busy_is_waited_for_as_it_asks()
    {
        Authority.BusyLooks = 4;
        Authority.BusyRetryAfter = TimeSpan.FromSeconds(40);
        Start(Settings, Shop);
        await UntilValid();
        Assert.InRange(Time.Elapsed, TimeSpan.FromSeconds(8 * 40), TimeSpan.FromSeconds(9 * 40));
    }

    [Fact]
    public async Task What_takes_too_long_is_looked_at_again_later_and_not_ordered_anew()
    {
        Authority.BusyLooks = 150;
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Equal("the authority still looks at shop.example.com after 30 minutes", Report().Error);
        Authority.BusyLooks = 0;
        await UntilValid();
        Assert.Equal(1, Authority.Orders);
    }

    [Fact]
    public async Task An_authority_that_is_down_for_days_is_asked_less_and_less()
    {
        Authority.Life = TimeSpan.FromDays(12);
        Start(Settings, Shop);
        await UntilValid();
        Authority.IsDown = true;
        await UntilFailures(1);
        var began = Time.Elapsed;
        var requests = Authority.Requests;
        await Until(() => Time.Elapsed - began > TimeSpan.FromDays(3), "three days");
        // One minute, two, four, ... and then every six hours, less a random part.
        Assert.InRange(Report().Failures, 15, 28);
        // The library tries a connection again that was closed before it answered.
        Assert.InRange(Authority.Requests - requests, 14, 4 * 28);
        Assert.Equal(AcmeState.Valid, Report().State);
        Assert.NotNull(Report().Error);
        Authority.IsDown = false;
        var old = Report().NotAfter;
        await Until(() => Report().NotAfter > old, "the renewal");
        Assert.Equal((0, AcmeState.Valid), (Report().Failures, Report().State));
    }

    [Fact]
    public async Task A_certificate_that_expires_while_the_authority_is_down_is_told_as_failed()
    {
        Authority.Life = TimeSpan.FromDays(2);
        Start(Settings, Shop);
        await UntilValid();
        Authority.IsDown = true;
        await Until(() => Report().State == AcmeState.Failed, "the certificate to expire");
        Assert.True(Report().NotAfter <= Time.GetUtcNow());
        Authority.IsDown = false;
        await UntilValid();
    }

    [Fact]
    public async Task An_authority_that_has_enough_is_left_alone_as_long_as_it_asks()
    {
        Authority.RateLimit = TimeSpan.FromHours(5);
        Start(Settings, Shop);
        await UntilFailures(1);
        var (at, requests) = (Time.Elapsed, Authority.Requests);
        Assert.Equal("127.0.0.1 refuses: too many certificates (rateLimited)", Report().Error);
        Assert.Equal(TimeSpan.FromHours(5), Report().NextAttempt - Time.GetUtcNow());
        // Another name does not make it ask either, for an hour.
        Apply(Settings, Shop, "b.example.com");
        await Wait.Until(() => Reports.Count == 2, "the other name");
        Assert.InRange(
            Report("b.example.com").NextAttempt!.Value - Time.GetUtcNow(),
            TimeSpan.FromMinutes(59),
            TimeSpan.FromHours(1)
        );
        Authority.RateLimit = null;
        await UntilValid("b.example.com");
        Assert.InRange(Time.Elapsed - at, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        await UntilValid();
        Assert.InRange(Time.Elapsed - at, TimeSpan.FromHours(5), TimeSpan.FromHours(6));
        Assert.True(Authority.Requests > requests);
    }

    [Fact]
    public async Task What_an_authority_asked_for_holds_after_a_restart()
    {
        Authority.RateLimit = TimeSpan.FromHours(5);
        Start(Settings, Shop);
        await UntilFailures(1);
        await StopAsync();
        var requests = Authority.Requests;
        var at = Time.Elapsed;
        Start(Settings, Shop);
        await UntilFailures(2);
        Assert.InRange(Time.Elapsed - at, TimeSpan.FromHours(5), TimeSpan.FromHours(5.1));
        Assert.True(Authority.Requests > requests);
    }

    [Fact]
    public async Task An_account_that_was_made_elsewhere_is_bound()
    {
        var secret = "0123456789abcdef0123456789abcdef"u8.ToArray();
        Authority.ExternalAccount = ("kid-1", secret);
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Equal(
            "127.0.0.1 wants an account that was made elsewhere: 'acme: { external-account }'",
            Report().Error
        );
        var file = Folder.Write("secret", System.Buffers.Text.Base64Url.EncodeToString(secret) + "\n");
        Apply(Settings with { ExternalAccount = new("kid-1", new(file, null)) }, Shop);
        await UntilValid();
        Assert.Equal(1, Authority.Accounts);
    }
}
