using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Certificates;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Deriving.Certificates;

/// <summary>What is thought of certificates, and when that changes by itself.</summary>
public sealed class CertificateDerivationTests
{
    private static readonly DateTimeOffset End = new(2031, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-91, CertificateState.NotYetValid, true, -90, "it does not hold before 2031-03-03T00:00:00Z")]
    [InlineData(-90, CertificateState.Valid, false, -14, "valid until 2031-06-01T00:00:00Z")]
    [InlineData(-15, CertificateState.Valid, false, -14, "valid until 2031-06-01T00:00:00Z")]
    [InlineData(-14, CertificateState.Expiring, false, 0, "it ends soon, at 2031-06-01T00:00:00Z")]
    [InlineData(-1, CertificateState.Expiring, false, 0, "it ends soon, at 2031-06-01T00:00:00Z")]
    [InlineData(0, CertificateState.Expired, true, null, "it ended at 2031-06-01T00:00:00Z")]
    [InlineData(500, CertificateState.Expired, true, null, "it ended at 2031-06-01T00:00:00Z")]
    public void Time_makes_something_else_of_it(
        int day,
        CertificateState state,
        bool hasProblem,
        int? wakeDay,
        string reason
    )
    {
        var decided = Derive(ShownCertificate.Until(End), null, End.AddDays(day));
        Assert.Equal((state, hasProblem, reason), (decided.State, decided.HasProblem, decided.Reason.Text));
        Assert.Equal(wakeDay is { } at ? End.AddDays(at) : null, decided.WakeAt);
    }

    [Theory]
    [InlineData(90, null, 14)]
    [InlineData(45, null, 14)]
    [InlineData(6, null, 2)]
    [InlineData(90, 30, 30)]
    [InlineData(6, 5, 5)]
    [InlineData(90, 1, 1)]
    [InlineData(90, 90, 90)]
    [InlineData(90, 100_000_000, 90)]
    public void Its_end_is_near_when_its_services_say_so_or_in_the_last_third_of_a_short_life(
        int life,
        int? warnBefore,
        int near
    )
    {
        var shown = ShownCertificate.Until(End, life: TimeSpan.FromDays(life));
        var warn = warnBefore is { } days ? TimeSpan.FromDays(Math.Min(days, 10_000_000)) : (TimeSpan?)null;
        Assert.Equal(CertificateState.Expiring, Derive(shown, warn, End.AddDays(-near)).State);
        Assert.NotEqual(CertificateState.Expiring, Derive(shown, warn, End.AddDays(-near).AddTicks(-1)).State);
    }

    [Fact]
    public void One_that_never_ends_and_one_that_ends_before_it_begins_are_judged_too()
    {
        // RFC 5280 section 4.1.2.5: no well-defined end.
        var never = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        var shown = ShownCertificate.Until(never, life: TimeSpan.FromDays(2_920_000));
        Assert.Equal(CertificateState.Valid, Derive(shown, TimeSpan.FromDays(14), End).State);
        var odd = ShownCertificate.Until(End, life: TimeSpan.FromDays(-1));
        Assert.Equal(CertificateState.Expired, Derive(odd, null, End).State);
        Assert.Equal(CertificateState.NotYetValid, Derive(odd, null, End.AddDays(-1)).State);
    }

    [Fact]
    public void Without_anything_to_show_it_waits_or_is_missing()
    {
        var pending = Derive(ShownCertificate.Missing(null), null, End);
        Assert.Equal((CertificateState.Pending, false, false), (pending.State, pending.HasProblem, pending.IsTroubled));
        var missing = Derive(ShownCertificate.Missing("no such file"), null, End);
        Assert.Equal((CertificateState.Missing, true), (missing.State, missing.HasProblem));
        Assert.Equal("no such file", missing.Reason.Text);
    }

    [Fact]
    public void Files_that_fail_are_a_problem_although_the_former_certificate_holds()
    {
        var failing = Derive(ShownCertificate.Until(End) with { Problem = "no key" }, null, End.AddDays(-30));
        Assert.Equal((CertificateState.Valid, true), (failing.State, failing.HasProblem));
        var unstapled = Derive(ShownCertificate.Until(End) with { StapleProblem = "old" }, null, End.AddDays(-30));
        Assert.Equal((CertificateState.Valid, true, "old"), (unstapled.State, unstapled.HasProblem, unstapled.Problem));
        var expiring = Derive(ShownCertificate.Until(End), null, End.AddDays(-3));
        Assert.Equal((false, true), (expiring.HasProblem, expiring.IsTroubled));
    }

    [Fact]
    public void What_did_not_change_stays_the_same_object()
    {
        var inputs = Inputs(ShownCertificate.Until(End), ShownCertificate.Until(End.AddDays(40), "other.pem"));
        var first = Deriver.Derive(inputs, DerivedState.Initial, End.AddDays(-30)).Next;
        Assert.Equal(End.AddDays(-14), first.WakeAt);
        // The same told anew.
        var again = inputs with
        {
            Certificates = Items.From(inputs.Certificates.AsEnumerable().ToList()),
        };
        Assert.Same(first.CertificateSection, Deriver.Derive(again, first, End.AddDays(-29)).Next.CertificateSection);
        var later = Deriver.Derive(inputs, first, End.AddDays(-14)).Next;
        Assert.Equal(CertificateState.Expiring, later.Certificates["/etc/fulcrum/shop.pem"]!.State);
        Assert.Same(first.Certificates["other.pem"], later.Certificates["other.pem"]);
        Assert.Equal(End, later.WakeAt);
        var gone = Deriver.Derive(inputs with { Certificates = [] }, later, End.AddDays(-13)).Next;
        Assert.True(gone.Certificates.IsEmpty);
        Assert.Null(gone.WakeAt);
    }

    [Fact]
    public void The_service_that_wants_to_know_first_is_heard_at_once()
    {
        var inputs = Inputs(ShownCertificate.Until(End));
        var before = Deriver.Derive(inputs, DerivedState.Initial, End.AddDays(-30)).Next;
        Assert.Equal(CertificateState.Valid, before.Certificates.Values.Single().State);
        var web = inputs.Snapshot.Services[0];
        var tls = new TlsTermination { WarnBefore = TimeSpan.FromDays(60) };
        var services = inputs.Snapshot.Services.With(web with { Tls = tls });
        var changed = inputs with { Snapshot = inputs.Snapshot with { Services = services } };
        var after = Deriver.Derive(changed, before, End.AddDays(-30)).Next;
        Assert.Equal(CertificateState.Expiring, after.Certificates.Values.Single().State);
    }

    [Fact]
    public void One_that_several_planes_show_is_one()
    {
        var one = ShownCertificate.Until(End, services: "web");
        var other = ShownCertificate.Until(End, services: ["mail", "web"]) with
        {
            Problem = "no key",
            StapleProblem = "old",
        };
        var state = Deriver.Derive(Inputs(one, other), DerivedState.Initial, End.AddDays(-30)).Next;
        var joined = Assert.Single(state.Certificates.Values).Observed;
        Assert.Equal(["mail", "web"], joined.UsedBy.AsEnumerable());
        Assert.Equal(("no key", "old"), (joined.Problem, joined.StapleProblem));
    }

    private static EngineInputs Inputs(params ObservedCertificate[] certificates) =>
        EngineInputs.Nothing with
        {
            Snapshot = Web(Backend("10.0.0.1")),
            Certificates = Items.From(certificates),
        };

    private static DerivedCertificate Derive(ObservedCertificate shown, TimeSpan? warnBefore, DateTimeOffset now) =>
        CertificateDerivation.Derive(shown, warnBefore, now);
}
