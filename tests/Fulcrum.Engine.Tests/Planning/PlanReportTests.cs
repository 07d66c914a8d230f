using System.Net;
using Fulcrum.Engine.Planning;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Tests.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using static Fulcrum.Engine.Tests.Planning.PlanScene;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.Planning;

public sealed class PlanReportTests
{
    private static readonly Upstream Pages = new()
    {
        Name = "pages",
        Backends = [Snapshots.Backend("10.0.0.1"), Snapshots.Backend("10.0.0.2")],
    };

    private static readonly Snapshot Web = Of(Pages, Service("web", "pages", 80, 81));

    [Fact]
    public void Nothing_is_nothing()
    {
        var plan = Plan(Running(Web), Of(Pages, Service("web", "pages", 80, 81)));
        Assert.True(plan.IsEmpty);
        Assert.Equal("nothing would change\n", plan.ToText());
    }

    [Fact]
    public void Listeners_open_close_and_stay() =>
        AssertText(
            """
            ~ services/web
                listen: ["tcp://127.0.0.1:80","tcp://127.0.0.1:81"] → ["tcp://127.0.0.1:80","tcp://127.0.0.1:82"]

            service/web
                tcp://127.0.0.1:80 stays: keeps its connections
                tcp://127.0.0.1:81 is closed by proxy: established connections have 30s
                tcp://127.0.0.1:82 is opened by proxy

            0 to add, 1 to change, 0 to remove

            """,
            Text(Web, Of(Pages, Service("web", "pages", 80, 82)))
        );

    [Fact]
    public void A_service_that_is_renamed_hands_its_listeners_over() =>
        AssertText(
            """
            + services/shop
            - services/web

            service/shop
                tcp://127.0.0.1:80 comes from service/web without being closed
                tcp://127.0.0.1:81 comes from service/web without being closed

            service/web
                tcp://127.0.0.1:80 goes to service/shop without being closed: established connections have 30s
                tcp://127.0.0.1:81 goes to service/shop without being closed: established connections have 30s

            1 to add, 0 to change, 1 to remove

            """,
            Text(Web, Of(Pages, Service("shop", "pages", 80, 81)))
        );

    [Fact]
    public void Backends_join_drain_and_stay()
    {
        var after = Pages with
        {
            Backends = [Snapshots.Backend("10.0.0.1") with { Weight = 5 }, Snapshots.Backend("10.0.0.3")],
        };
        AssertText(
            """
            ~ backends/pages/10.0.0.1:80
                weight: 1 → 5
            + backends/pages/10.0.0.3:80
            - backends/pages/10.0.0.2:80

            backend/pages/10.0.0.1:80
                stays: keeps its connections

            backend/pages/10.0.0.3:80
                joins: gets new connections

            backend/pages/10.0.0.2:80
                drains for 30s: established connections have until then

            1 to add, 1 to change, 1 to remove

            """,
            Text(Web, Of(after, Service("web", "pages", 80, 81)))
        );
    }

    [Theory]
    [InlineData(30, "drains for 30s: established connections have until then")]
    [InlineData(90, "drains for 1m30s: established connections have until then")]
    [InlineData(0, "goes: established connections end at once")]
    public void A_drain_lasts_as_long_as_its_service_says(int seconds, string text)
    {
        var service = Service("web", "pages", 80) with
        {
            Sessions = new() { Drain = new() { Deadline = TimeSpan.FromSeconds(seconds) } },
        };
        var plan = Plan(Running(Of(Pages, service)), Of(Pages with { Backends = [Pages.Backends[0]] }, service));
        Assert.Equal((Effect.Drains, text), plan.Consequences.Select(item => (item.Effect, item.Text)).Single());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void What_becomes_of_a_backend(string before, string after, string consequence)
    {
        var plan = Plan(Running(With(before)), With(after));
        Assert.Equal(consequence, string.Join("; ", plan.Consequences.Select(item => item.Text)));
    }

    public static TheoryData<string, string, string> Backends =>
        new()
        {
            { "one", "one disabled", "drains for 30s: established connections have until then" },
            { "one disabled", "one", "stays: keeps its connections" },
            { "one disabled", "none", "drains for 30s: established connections have until then" },
            { "none", "one disabled", "joins, and gets no connections yet: disabled" },
            { "none", "one planned", "" },
            {
                "one",
                "one elsewhere",
                "is another machine then, and the former drains for 30s: established connections have until then"
            },
            { "one", "one idle", "keeps its connections, and gets no new ones: weight 0" },
            { "one idle", "one", "stays: keeps its connections" },
        };

    [Fact]
    public void Fields_are_named_as_the_language_writes_them()
    {
        var service = Service("web", "pages", 80);
        var after = service with
        {
            Labels = Labels.Empty.With("app.example.com/name", "x"),
            Sessions = new() { IdleTimeout = TimeSpan.FromMinutes(5), MaxUdpSessions = 7 },
            Client = new() { MaxConnections = 10 },
            Policy = new() { Balance = new() { Algorithm = BalanceAlgorithm.Maglev } },
        };
        Assert.Equal(
            [
                "balance: (nothing) → maglev",
                "sessions.idle-timeout: (nothing) → 5m",
                "sessions.max-udp-sessions: 10000 → 7",
                "client.max-connections: (nothing) → 10",
                "labels[\"app.example.com/name\"]: (nothing) → x",
            ],
            Fields(Of(Pages, service), Of(Pages, after)).Order(StringComparer.Ordinal).ToList() is { } found
                ? new[] { "balance", "sessions.idle", "sessions.max", "client", "labels" }.Select(key =>
                    found.Single(field => field.StartsWith(key, StringComparison.Ordinal))
                )
                : []
        );
    }

    [Fact]
    public void What_there_is_one_of_is_told_without_a_name()
    {
        var after = Web with
        {
            Guard = Guard.Off,
            Group = "edge",
            Defaults = new() { Check = new() { Rise = 5 } },
        };
        AssertText(
            """
            ~ group
                (nothing) → edge
            ~ defaults
                check.rise: (nothing) → 5
            ~ guard
                50% → off

            0 to add, 3 to change, 0 to remove

            """,
            Text(Web, after)
        );
    }

    [Fact]
    public void Credentials_are_not_printed()
    {
        Check Asked(string secret, string path) =>
            new()
            {
                Probe = new HttpProbe { Path = path, Headers = Labels.Empty.With("Authorization", $"Basic {secret}") },
            };

        Upstream With(params Check[] checks) => Pages with { Policy = new() { Checks = [.. checks] } };
        var one = Of(With(Asked("hunter1", "/")), Service("web", "pages", 80));
        var same = Of(With(Asked("hunter2", "/x")), Service("web", "pages", 80));
        var more = Of(
            With(Asked("hunter2", "/x"), Asked("hunter3", "/y") with { Name = "b" }),
            Service("web", "pages", 80)
        );
        foreach (var text in new[] { Text(one, same), Text(one, more), Text(more, one) })
        {
            Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
            Assert.Contains("(concealed)", text, StringComparison.Ordinal);
            Assert.Contains("/x", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_service_may_move_to_another_plane()
    {
        var nat = new Model.Policies.Policy { Forward = Forwarding.Nat };
        var running = Running(Of(Pages, Service("web", "pages", 80)), PlaneOffer.Proxy, Kernel);
        AssertText(
            """
            ~ services/web
                forward: (nothing) → nat

            service/web
                moves from proxy to ipvs: established connections have 30s
                tcp://127.0.0.1:80 is closed by proxy: established connections have 30s
                tcp://127.0.0.1:80 is opened by ipvs

            0 to add, 1 to change, 0 to remove

            """,
            Plan(running, Of(Pages, Service("web", "pages", 80) with { Policy = nat })).ToText()
        );
        Assert.Contains(
            "is not carried: no plane of this node carries tunnel",
            Plan(
                    running,
                    Of(Pages, Service("web", "pages", 80) with { Policy = new() { Forward = Forwarding.Tunnel } })
                )
                .ToText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Vips_and_announcements_follow_their_services()
    {
        var running = Running(Announced(Service("dns", "pages", 53) with { Listeners = [On("192.0.2.53")] }));
        Assert.Equal(Model.Vips.UpWhen.Any, running.Vips["edge"]!.Vip.UpWhen);
        AssertText(
            """
            - services/dns

            service/dns
                tcp://192.0.2.53:53 is closed by proxy: established connections have 30s

            vip/edge
                is withdrawn: waits until anycast took it back: no service is on it (up-when any)

            announcement/anycast
                192.0.2.53 is withdrawn

            0 to add, 0 to change, 1 to remove

            """,
            Plan(running, Announced()).ToText()
        );

        var started = Plan(Running(Announced()), running.Inputs.Snapshot).ToText();
        Assert.Contains(
            "vip/edge\n    is not up: waits for plane proxy to carry dns\n",
            started,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_vip_is_told_address_by_address()
    {
        Snapshot Edge(params string[] addresses) =>
            Of(
                new Vip
                {
                    Name = "edge",
                    Addresses = [.. addresses.Select(text => InterfaceAddress.Single(IPAddress.Parse(text)))],
                    On = new NoPlace(),
                    UpWhen = Model.Vips.UpWhen.Always,
                    Active = ActiveOn.EveryNode,
                }
            );

        var plan = Plan(Running(Edge("192.0.2.1", "192.0.2.2")), Edge("192.0.2.2", "192.0.2.3"));
        Assert.Equal(
            ["192.0.2.1 is withdrawn", "192.0.2.2 stays", "192.0.2.3 is raised"],
            plan.Consequences.Select(item => $"{item.Part} {item.Text}")
        );
    }

    [Fact]
    public void The_order_does_not_depend_on_chance()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 60; run++)
        {
            var (before, after) = (Valid(random), Valid(random));
            Assert.Equal(Text(before, after), Text(before, after));
            var plan = Plan(Running(before), after);
            Assert.Equal(before.Equals(after), plan.IsEmpty);
        }
    }

    private static Snapshot Valid(Random random) =>
        Engine.Sources.SourceBook.Empty.ReplaceLive(Cluster, RandomContent.Of(random)).Snapshot;

    private static Snapshot With(string backend)
    {
        var one = Snapshots.Backend("10.0.0.9") with { Name = "one" };
        Items<Backend> others = [Snapshots.Backend("10.0.0.1")];
        var all = backend switch
        {
            "one" => others.Add(one),
            "one disabled" => others.Add(one with { Status = BackendStatus.Disabled }),
            "one planned" => others.Add(one with { Status = BackendStatus.Planned }),
            "one idle" => others.Add(one with { Weight = 0 }),
            "one elsewhere" => others.Add(Snapshots.Backend("10.0.0.8") with { Name = "one" }),
            _ => others,
        };
        return Of(Pages with { Backends = all }, Service("web", "pages", 80));
    }

    private static Snapshot Announced(params INamed[] more) =>
        Of([
            Pages,
            new Vip
            {
                Name = "edge",
                Addresses = [InterfaceAddress.Single(IPAddress.Parse("192.0.2.53"))],
                Active = ActiveOn.EveryNode,
            },
            new Announcement { Name = "anycast", Spec = new BgpAnnouncement() },
            .. more,
        ]);

    private static Listener On(string address) => Snapshots.Tcp(53) with { Address = IPAddress.Parse(address) };

    private static IEnumerable<string> Fields(Snapshot before, Snapshot after) =>
        Plan(Running(before), after).Changes.SelectMany(change => change.Fields).Select(field => field.ToString());

    private static void AssertText(string expected, string actual) => Assert.Equal(expected, actual);
}
