using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;
using Fulcrum.TestKit.Simulation;
using Microsoft.Extensions.Logging;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Events;

/// <summary>What a node tells of the certificates that its plane shows: each change once, however often it looks.</summary>
public sealed class CertificateEventTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly Lines _log = new();
    private readonly SimulatedNode _node;
    private readonly DateTimeOffset _end;
    private long _seen;

    public CertificateEventTests()
    {
        _node = new SimulatedNode { Log = _log }.Start();
        _end = _node.Time.GetUtcNow().AddDays(20);
    }

    [Fact]
    public void What_is_shown_from_the_beginning_is_known_with_the_configuration()
    {
        Begin(ShownCertificate.Until(_end));
        Assert.Equal(["- > valid: valid until 2031-03-20T23:59:57Z"], News());
        Assert.Single(_node.Engine.State.Certificates.Values);
        Assert.Empty(_log.Written);
    }

    [Fact]
    public void Its_end_is_told_when_it_comes_near_and_when_it_is_there_and_never_again()
    {
        Begin(ShownCertificate.Until(_end));
        News();
        _node.Advance(TimeSpan.FromDays(6) - TimeSpan.FromSeconds(1));
        Assert.Empty(News());
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["valid > expiring: it ends soon, at 2031-03-20T23:59:57Z (bad)"], News());
        _node.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        Assert.Empty(News());
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["expiring > expired: it ended at 2031-03-20T23:59:57Z (bad)"], News());
        _node.Advance(TimeSpan.FromDays(1));
        Assert.Empty(News());
        Assert.Equal(
            [
                "Warning: certificate//etc/fulcrum/shop.pem is expiring: it ends soon, at 2031-03-20T23:59:57Z",
                "Warning: certificate//etc/fulcrum/shop.pem is expired: it ended at 2031-03-20T23:59:57Z",
            ],
            _log.Written
        );
    }

    [Fact]
    public void Files_that_cannot_be_used_are_told_once_for_each_change_and_when_they_can_again()
    {
        var shown = ShownCertificate.Until(_end);
        Begin(shown);
        News();
        Show(shown with { Problem = "no key" });
        Assert.Equal(
            ["usable > unusable: its files cannot be used, and what was read before stays in use: no key (bad)"],
            News()
        );
        _node.Advance(60 * Look);
        Assert.Empty(News());
        Show(shown with { Problem = "another's key" });
        Assert.Equal(["unusable > unusable"], News().Select(one => one.Split(':')[0]));
        Show(shown);
        Assert.Equal(["unusable > usable: its files are in use again"], News());
        Assert.Equal(3, _log.Written.Count);
    }

    [Fact]
    public void What_is_not_stapled_is_told_as_that()
    {
        var shown = ShownCertificate.Until(_end);
        Begin(shown);
        News();
        Show(shown with { StapleProblem = "too old" });
        Assert.Equal(["usable > unusable: nothing is stapled to it: too old (bad)"], News());
        Show(shown with { StapleProblem = "too old", Problem = "no key" });
        Assert.Equal(
            ["unusable > unusable: its files cannot be used, and what was read before stays in use: no key (bad)"],
            News()
        );
        Show(shown);
        Assert.Equal(["unusable > usable: its files are in use again"], News());
    }

    [Fact]
    public void Nothing_to_show_is_told_with_each_reason_and_its_coming()
    {
        Begin(ShownCertificate.Missing("no such file"));
        Assert.Equal(["- > missing: no such file (bad)"], News());
        Show(ShownCertificate.Missing("no key"));
        Assert.Equal(["missing > missing: no key (bad)"], News());
        _node.Advance(10 * Look);
        Assert.Empty(News());
        Show(ShownCertificate.Until(_end));
        Assert.Equal(["missing > valid: valid until 2031-03-20T23:59:57Z"], News());
        Assert.StartsWith("Information: ", _log.Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_renewal_is_told_although_it_was_valid_before()
    {
        Begin(ShownCertificate.Until(_end));
        News();
        Show(ShownCertificate.Until(_end.AddDays(60), fingerprint: "f2"));
        Assert.Equal(["valid > valid: it was renewed: valid until 2031-05-19T23:59:57Z"], News());
    }

    [Fact]
    public void What_ACME_cannot_renew_is_told_as_that()
    {
        var shown = ShownCertificate.Until(_end, "shop.example.com") with { IsAcme = true };
        Begin(shown);
        News();
        Show(shown with { Problem = "429 too many requests" });
        Assert.Equal(
            ["usable > unusable: it cannot be renewed, and the former stays in use: 429 too many requests (bad)"],
            News()
        );
        Show(shown);
        Assert.Equal(["unusable > usable: renewing it works again"], News());
    }

    [Fact]
    public void One_that_goes_is_told()
    {
        Begin(ShownCertificate.Until(_end));
        News();
        Show();
        Assert.Equal(["valid > -: no service shows it any more"], News());
        AssertNobodyLooks();
    }

    [Fact]
    public void A_thousand_that_go_bad_at_once_do_not_fill_the_log()
    {
        Begin([.. Enumerable.Range(0, 1_000).Select(i => ShownCertificate.Missing("no such file", $"{i}.pem"))]);
        Assert.Equal(1_000, News().Count);
        Assert.Equal(101, _log.Written.Count);
        Assert.StartsWith("Warning: and 900 more changes of certificates", _log.Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_speaks_TLS_nobody_looks()
    {
        Begin();
        AssertNobodyLooks();
    }

    [Fact]
    public void Another_TLS_of_a_service_is_looked_at_at_once_and_any_other_change_in_its_turn()
    {
        Begin(ShownCertificate.Until(_end));
        News();
        _node.Plane.Certificates = [ShownCertificate.Until(_end, fingerprint: "f2")];
        Apply(Web(Backend("10.0.0.2")));
        Assert.Empty(News());
        var web = Web(Backend("10.0.0.2"));
        Apply(web with { Services = web.Services.With(web.Services[0] with { Tls = new() }) });
        Assert.Equal(["valid > valid"], News().Select(one => one.Split(':')[0]));
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("upstream")]
    [InlineData("backend")]
    public void What_backends_are_shown_from_now_on_is_looked_at_at_once(string place)
    {
        Begin();
        News();
        var shown = ShownCertificate.Until(_end);
        _node.Plane.Certificates = [shown];
        var connect = new ConnectOptions { Tls = new() { Certificate = new(shown.Name, null, null) } };
        var backend = Backend("10.0.0.1") with { Connect = place == "backend" ? connect : null };
        var web = Web(backend);
        var upstream = web.Upstreams[0] with { Connect = place == "upstream" ? connect : null };
        Apply(
            web with
            {
                Upstreams = web.Upstreams.With(upstream),
                Defaults = web.Defaults with { Connect = place == "defaults" ? connect : null },
            }
        );
        Assert.Equal(["- > valid"], News().Select(one => one.Split(':')[0]));
    }

    [Fact]
    public void A_service_whose_certificate_is_still_to_come_is_looked_after()
    {
        var web = Web(Backend("10.0.0.1"));
        Apply(
            web with
            {
                Acme = new() { AcceptTerms = true },
                Services = web.Services.With(web.Services[0] with { Tls = new() { Acme = ["shop.example.com"] } }),
            }
        );
        Assert.Empty(News());
        Show(ShownCertificate.Missing(null, "shop.example.com"));
        Assert.Equal(["- > pending: none was got yet"], News());
    }

    private void Begin(params ObservedCertificate[] certificates)
    {
        _node.Plane.Certificates = Items.From(certificates);
        Apply(Web(Backend("10.0.0.1")));
    }

    private void Apply(Snapshot snapshot) =>
        Assert.True(
            _node.Run(() => _node.Engine.ApplyAsync(Source.File("edge.yaml"), snapshot, new() { By = "test" })).Applied
        );

    private void AssertNobodyLooks()
    {
        var looks = _node.Plane.Looks;
        _node.Advance(TimeSpan.FromHours(1));
        Assert.Equal(looks, _node.Plane.Looks);
    }

    private void Show(params ObservedCertificate[] certificates)
    {
        _node.Plane.Certificates = Items.From(certificates);
        _node.Advance(Look);
    }

    private List<string> News()
    {
        var (events, missed) = _node.Engine.Events.After(_seen, 10_000);
        Assert.Equal(0, missed);
        _seen += events.Count;
        return
        [
            .. events
                .Where(one => one.Subject.Kind == Reasons.SubjectKind.Certificate)
                .Select(one => $"{one.From ?? "-"} > {one.To ?? "-"}: {one.Text}{(one.IsBad ? " (bad)" : "")}"),
        ];
    }

    private sealed class Lines : ILogger<Reconciler>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
