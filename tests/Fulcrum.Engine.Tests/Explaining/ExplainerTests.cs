using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;
using static Fulcrum.Engine.Tests.Tracing.Sites;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class ExplainerTests
{
    private static readonly Listener Every = Listener(ListenerProtocol.Tcp, null, 80);

    [Fact]
    public void A_chain_leads_from_the_vip_to_the_probe()
    {
        var state = Checked(Backend("10.0.0.1") with { Name = "one" })
            .WithHealth("10.0.0.1", Verdict.Unhealthy, "timed out")
            .WithVip("dns", VipState.Down, new Because("web is unhealthy", new(SubjectKind.Service, "web")));

        var vip = state.Explain("vip/dns");
        Assert.Equal(("down", "web is unhealthy"), (vip.State, vip.Reasons[0]));
        var service = Assert.Single(vip.Causes);
        Assert.Equal(("service/web", "unhealthy"), (service.Subject.ToString(), service.State));
        var upstream = Assert.Single(service.Causes);
        Assert.Equal(("upstream/web", "unhealthy"), (upstream.Subject.ToString(), upstream.State));
        var backend = Assert.Single(upstream.Causes);
        Assert.Equal(("backend/web/one", "unhealthy"), (backend.Subject.ToString(), backend.State));
        var check = Assert.Single(backend.Causes);
        Assert.Equal(("check/web/one/tcp", "unhealthy"), (check.Subject.ToString(), check.State));
        Assert.Equal("timed out (tcp 10.0.0.1:80)", Assert.Single(check.Reasons));
        Assert.Equal((Scenes.Noon, TimeSpan.Zero), (check.Since!.Value, check.Since!.Value.Offset));
        Assert.Empty(check.Causes);
    }

    [Fact]
    public void What_was_asked_for_is_shown_whole_and_below_it_only_what_is_wrong()
    {
        var state = Checked(Backend("10.0.0.1"), Backend("10.0.0.2"))
            .WithHealth("10.0.0.1", Verdict.Healthy, "ok")
            .WithHealth("10.0.0.2", Verdict.Unhealthy, "connection refused");
        string[] all = ["backend/web/10.0.0.2:80", "backend/web/10.0.0.1:80"];
        Assert.Equal(all, state.Explain("upstream/web").Subjects());
        Assert.Equal(all[..1], state.Explain("service/web").Of("upstream/web").Subjects());
        Assert.Equal(["check/web/10.0.0.1:80/tcp"], state.Explain("backend/web/10.0.0.1:80").Subjects());
        Assert.Empty(state.Explain("upstream/web").Of("backend/web/10.0.0.1:80").Causes);
    }

    [Fact]
    public void Many_causes_are_counted_and_the_way_to_them_is_told()
    {
        var backends = Enumerable.Range(1, 9).Select(i => Backend($"10.0.0.{i}")).ToArray();
        var service = Checked(backends).Explain("service/web");
        var upstream = service.Of("upstream/web");
        Assert.Equal((5, 4), (upstream.Causes.Count, upstream.More));
        Assert.EndsWith("\n    and 4 more: fulcrum explain upstream/web", service.ToText(), StringComparison.Ordinal);
        Assert.Equal(9, Checked(backends).Explain("upstream/web").Causes.Count);
    }

    [Fact]
    public void Causes_that_name_each_other_come_to_an_end()
    {
        var state = Checked(Backend("10.0.0.1"))
            .WithVip("dns", VipState.Down, new Because("standby", new(SubjectKind.Announcement, "pair")));
        state = state with
        {
            Inputs = state.Inputs with
            {
                Snapshot = state.Inputs.Snapshot with
                {
                    Announcements = Named<Announcement>.From([
                        new()
                        {
                            Name = "pair",
                            Spec = new VrrpAnnouncement { Interface = "eth0", Id = 51 },
                        },
                    ]),
                },
                Roles = state.Inputs.Roles.With("pair", new(Role.Standby, Scenes.Noon)),
            },
        };
        var pair = state.Explain("vip/dns").Of("announcement/pair");
        Assert.Equal("silent", pair.State);
        Assert.Contains("this node is standby since 2026-05-01T12:01:07Z", pair.Reasons);
        var again = Assert.Single(pair.Causes);
        Assert.Equal(("vip/dns", true), (again.Subject.ToString(), again.IsAbove));
        Assert.Empty(again.Reasons);
        Assert.Contains("\n    vip/dns down (see above)", state.Explain("vip/dns").ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Listeners_that_see_an_upstream_differently_are_told_apart()
    {
        var http = new Check { Probe = new HttpProbe() };
        var plain = Service("plain", Every);
        var strict = Service("strict", Listener(ListenerProtocol.Tcp, "192.0.2.80", 81)) with
        {
            Policy = new() { Checks = [http] },
        };
        var state = Derive(
            Snapshot(Upstream(new() { Checks = [TcpCheck] }, Backend("10.0.0.1") with { Name = "one" }), plain, strict)
        );
        var health = state.Inputs.Health;
        foreach (var task in state.Desired.Probes.Keys)
        {
            var verdict = task.Probe is HttpProbe ? Verdict.Unhealthy : Verdict.Healthy;
            health = health.With(task, new(verdict, Scenes.Noon, $"said {verdict}", null));
        }

        state = Derive(state.Inputs with { Health = health }, state);
        var upstream = state.Explain("upstream/web");
        Assert.Equal("unhealthy", upstream.State);
        Assert.Equal(
            ["for tcp://192.0.2.80:81 of service/strict: unhealthy", "for tcp://:80 of service/plain: healthy"],
            upstream.Reasons.Select(reason => reason[..reason.IndexOf(',', StringComparison.Ordinal)])
        );
        var backend = upstream.Of("backend/web/one");
        Assert.Equal(("unhealthy", 2), (backend.State, backend.Reasons.Count));
        Assert.Equal(["check/web/one/http"], backend.Subjects());
    }

    [Fact]
    public void A_check_is_asked_at_the_port_of_its_backend()
    {
        var state = Checked(Backend("10.0.0.1", 81), Backend("10.0.0.1", null), Backend("10.0.0.1", 82));
        var health = state.Inputs.Health;
        foreach (var task in state.Desired.Probes.Keys)
        {
            health = health.With(task, new(Verdict.Healthy, Scenes.Noon, $"port {task.Port}", null));
        }

        state = Derive(state.Inputs with { Health = health }, state);
        foreach (var (id, port) in new[] { ("10.0.0.1:81", 81), ("10.0.0.1", 80), ("10.0.0.1:82", 82) })
        {
            var check = state.Explain($"check/web/{id}/tcp");
            Assert.Equal($"port {port} (tcp 10.0.0.1:{port})", Assert.Single(check.Reasons));
        }
    }

    [Theory]
    [InlineData(OverrideTargetKind.Upstream, "web")]
    [InlineData(OverrideTargetKind.Backend, "web/10.0.0.1:80")]
    [InlineData(OverrideTargetKind.Host, "10.0.0.1")]
    public void An_operators_word_ends_the_chain(OverrideTargetKind kind, string name)
    {
        var state = Checked(Backend("10.0.0.1"), Backend("10.0.0.2")).WithOverride(kind, name);
        var target = new OverrideTarget(kind, name);
        var word = state.Explain("backend/web/10.0.0.1:80").Of($"override/{target}");
        Assert.Equal("drain", word.State);
        Assert.Equal(["by alice: maintenance", "until somebody takes it back"], word.Reasons);
        Assert.Equal(word.Reasons, state.Explain($"override/{target}").Reasons);
    }

    [Fact]
    public void A_service_that_an_operator_has_off_says_so()
    {
        var state = Checked(Backend("10.0.0.1")).WithOverride(OverrideTargetKind.Service, "web");
        var service = state.Explain("service/web");
        Assert.Equal("not carried", service.State);
        Assert.Equal("drain", service.Of("override/service/web").State);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    public void A_host_is_all_its_memberships(string address)
    {
        var web = Upstream(Policy.Unset, Backend("10.0.0.1"), Backend("10.0.0.2"), Backend("10.0.0.1", 81));
        var snapshot = Snapshot(web, Service("web", Every));
        var spare = Backend("10.0.0.1", 82);
        snapshot = snapshot with { Upstreams = snapshot.Upstreams.With(new() { Name = "spare", Backends = [spare] }) };
        var host = Derive(snapshot).Explain($"host/{address}");
        Assert.Equal(("host/10.0.0.1", "serving in 2 of 3"), (host.Subject.ToString(), host.State));
        Assert.Equal(
            ["backend/spare/10.0.0.1:82", "backend/web/10.0.0.1:80", "backend/web/10.0.0.1:81"],
            host.Subjects()
        );
        Assert.Equal("unused", host.Of("backend/spare/10.0.0.1:82").State);
    }

    [Fact]
    public void A_node_tells_what_it_is()
    {
        var state = Checked(Backend("10.0.0.1"));
        var nodes = Named<Node>.From([new() { Name = "lb1", Enabled = false }, new() { Name = "lb2" }]);
        var inputs = state.Inputs with
        {
            Snapshot = state.Inputs.Snapshot with { Nodes = nodes },
            Roles = Map<string, RoleHeld>.Empty.With("pair", new(Role.Active, Scenes.Noon)),
        };
        state = state with { Inputs = inputs };
        Assert.Equal(
            ["this node", "disabled in its configuration", "active for announcement/pair since 2026-05-01T12:01:07Z"],
            state.Explain("node/lb1").Reasons
        );
        Assert.Equal(
            ("enabled", "another node"),
            (state.Explain("node/lb2").State, state.Explain("node/lb2").Reasons[0])
        );
    }

    [Fact]
    public void A_planned_backend_is_told_of_although_it_is_nowhere()
    {
        var state = Checked(Backend("10.0.0.1"), Backend("10.0.0.2") with { Status = BackendStatus.Planned });
        Assert.Equal("planned", state.Explain("backend/web/10.0.0.2:80").State);
    }

    [Fact]
    public void A_vip_tells_where_it_stands_and_who_announces_it()
    {
        var state = Checked(Backend("10.0.0.1")).WithVip("dns", VipState.Up, new Because("up-when always"));
        var address = IPAddress.Parse("192.0.2.53");
        Assert.Equal(["up-when always", "192.0.2.53 does not stand"], state.Explain("vip/dns").Reasons);
        var key = new AnnouncementKey("anycast", address);
        var told = new AnnouncedAddress(key, new BgpAnnouncement(), AnnouncementPhase.Announce);
        var raised = new RaisedAddress(InterfaceAddress.Single(address), new Model.Vips.OnDummy(), null);
        var observed = new Observed
        {
            Addresses = Map<IPAddress, RaisedAddress>.Empty.With(address, raised),
            Announcements = Map<AnnouncementKey, AnnouncedAddress>.Empty.With(key, told),
        };
        state = state with
        {
            Inputs = state.Inputs with { Observed = observed },
            Desired = state.Desired with { Announcements = observed.Announcements },
        };
        Assert.Equal("192.0.2.53 stands, announced by anycast", state.Explain("vip/dns").Reasons[1]);
        Assert.Equal("announcing", state.Explain("announcement/anycast").State);
        Assert.Equal("192.0.2.53 is announced", Assert.Single(state.Explain("announcement/anycast").Reasons));
    }

    private static DerivedState Checked(params Backend[] backends) =>
        Derive(Snapshot(Upstream(new() { Checks = [TcpCheck] }, backends), Service("web", Every)));
}
