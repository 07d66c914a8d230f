using System.Net;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Peers;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Pools;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Model.Tests;

public sealed class SnapshotValidatorTests
{
    private static readonly Backend Backend = new() { Address = HostAddress.Of(IPAddress.Parse("10.0.0.1")) };

    [Fact]
    public void A_sound_configuration_has_no_findings() => Assert.Empty(SnapshotValidator.Validate(Sound()));

    [Fact]
    public void A_misspelt_upstream_is_named_with_what_was_meant()
    {
        var findings = Validate(Sound() with { Services = Named<Service>.From([Web() with { Upstream = "wbe" }]) });
        Assert.Equal(["services.web.upstream: there is no upstream 'wbe'; did you mean 'web'?"], findings);
    }

    [Fact]
    public void A_service_needs_a_listener_and_a_destination()
    {
        var findings = Validate(Snapshot.Empty with { Services = Named<Service>.From([new() { Name = "lost" }]) });
        Assert.Equal(
            [
                "services.lost: has no listener; expected 'listen', such as tcp://0.0.0.0:8080",
                "services.lost: leads nowhere; expected 'backends', 'upstream' or 'routes'",
            ],
            findings
        );
    }

    [Theory]
    [InlineData("10.0.0.1", 80, 80, "10.0.0.1", 80, 80, true)]
    [InlineData("10.0.0.1", 80, 90, "10.0.0.1", 85, 85, true)]
    [InlineData("10.0.0.1", 85, 85, "10.0.0.1", 80, 90, true)]
    [InlineData("10.0.0.1", 1, 65535, "10.0.0.1", 65535, 65535, true)]
    [InlineData("10.0.0.1", 80, 80, "10.0.0.2", 80, 80, false)]
    [InlineData("10.0.0.1", 80, 90, "10.0.0.1", 91, 95, false)]
    [InlineData("10.0.0.1", 80, 80, "::1", 80, 80, false)]
    public void Two_services_cannot_have_the_same_port(
        string address1,
        int first1,
        int last1,
        string address2,
        int first2,
        int last2,
        bool collide
    )
    {
        var snapshot = Sound() with
        {
            Services = Named<Service>.From([
                Web() with
                {
                    Listeners = [Tcp(address1, first1, last1)],
                },
                Web() with
                {
                    Name = "other",
                    Listeners = [Tcp(address2, first2, last2)],
                },
            ]),
        };
        var findings = Validate(snapshot);
        Assert.Equal(collide ? 1 : 0, findings.Count);
        Assert.All(
            findings,
            text => Assert.Contains("is already listened to by service 'web'", text, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(BySni.Default, 0)]
    public void A_name_that_nothing_chooses_by_is_a_mistake(BySni? bySni, int findings)
    {
        var sound = Sound();
        var upstream = sound.Upstreams[0];
        var named = upstream.Backends[0] with { Sni = new(TextPatternKind.Exact, "a.example") };
        var snapshot = sound with
        {
            Upstreams = sound.Upstreams.With(upstream with { BySni = bySni, Backends = [named] }),
        };
        Assert.Equal(findings, Validate(snapshot).Count);
    }

    [Theory]
    [InlineData("eth0", "eth0", true)]
    [InlineData("eth0", "eth1", false)]
    [InlineData("eth0", null, false)]
    public void Listeners_of_several_interfaces_do_not_collide(string one, string? other, bool collide)
    {
        var snapshot = Sound() with
        {
            Services = Named<Service>.From([
                Web() with
                {
                    Listeners = [Tcp("192.0.2.80", 80, 80) with { Interface = one }],
                },
                Web() with
                {
                    Name = "other",
                    Listeners = [Tcp("192.0.2.80", 80, 80) with { Interface = other }],
                },
            ]),
        };
        Assert.Equal(collide ? 1 : 0, Validate(snapshot).Count);
    }

    [Fact]
    public void Udp_and_tcp_do_not_collide()
    {
        var snapshot = Sound() with
        {
            Services = Named<Service>.From([
                Web() with
                {
                    Listeners =
                    [
                        Tcp("10.0.0.1", 53, 53),
                        Tcp("10.0.0.1", 53, 53) with
                        {
                            Protocol = ListenerProtocol.Udp,
                        },
                    ],
                },
            ]),
        };
        Assert.Empty(Validate(snapshot));
    }

    [Fact]
    public void Direct_return_cannot_change_ports()
    {
        var snapshot = Sound() with
        {
            Upstreams = Named<Upstream>.From([Upstream() with { Backends = [Backend with { Port = 8080 }] }]),
            Services = Named<Service>.From([Web() with { Policy = new() { Forward = Forwarding.Dsr } }]),
        };
        Assert.Equal(
            [
                "services.web.listen[0]: dsr cannot change ports, but backend '10.0.0.1:8080' has port 8080; expected backends without a port, or forward: nat",
            ],
            Validate(snapshot)
        );
    }

    [Fact]
    public void The_lower_mark_is_not_above_the_upper()
    {
        var policy = new Policy
        {
            Healthy = new() { AtLeast = Amount.OfShare(0.3), KeepWhile = Amount.OfShare(0.6) },
        };
        var snapshot = Sound() with { Upstreams = Named<Upstream>.From([Upstream() with { Policy = policy }]) };
        Assert.StartsWith(
            "upstreams.web.healthy.keep-while: 60% is above at-least, 30%",
            Validate(snapshot).Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Checks_of_one_kind_need_names()
    {
        var check = new Check { Probe = new TcpProbe() };
        var policy = new Policy { Checks = [check, check with { Port = 81 }, check] };
        var snapshot = Sound() with { Upstreams = Named<Upstream>.From([Upstream() with { Policy = policy }]) };
        Assert.Equal(
            ["upstreams.web.checks[2]: there is already a check 'tcp' here; expected a 'name' that tells them apart"],
            Validate(snapshot)
        );
    }

    [Fact]
    public void A_backend_stands_once_in_an_upstream()
    {
        var snapshot = Sound() with
        {
            Upstreams = Named<Upstream>.From([Upstream() with { Backends = [Backend, Backend] }]),
        };
        Assert.StartsWith(
            "upstreams.web.backends[1]: there is already a backend '10.0.0.1'",
            Validate(snapshot).Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Route_lists_must_not_lead_in_circles()
    {
        var snapshot = Sound() with
        {
            RouteLists = Named<RouteList>.From([
                new() { Name = "a", Routes = [new() { Action = new Goto("b") }] },
                new() { Name = "b", Routes = [new() { Action = new Goto("c") }] },
                new() { Name = "c", Routes = [new() { Action = new Goto("b") }] },
            ]),
        };
        Assert.Equal(["route-lists.b: leads in a circle: b → c → b"], Validate(snapshot));
    }

    [Fact]
    public void Pools_must_not_overlap()
    {
        var snapshot = Sound() with
        {
            Pools = Named<AddressPool>.From([
                new() { Name = "one", Ranges = [Range("192.0.2.0", "192.0.2.9")] },
                new() { Name = "two", Ranges = [Range("192.0.2.9", "192.0.2.20"), Range("192.0.2.30", "192.0.2.21")] },
            ]),
        };
        Assert.Equal(
            [
                "pools.two.addresses[0]: 192.0.2.9-192.0.2.20 overlaps addresses of pool 'one'",
                "pools.two.addresses[1]: 192.0.2.30-192.0.2.21 does not run from lower to higher",
            ],
            Validate(snapshot)
        );
    }

    [Fact]
    public void Announcements_name_peers_and_vips_that_exist()
    {
        var snapshot = Sound() with
        {
            Announcements = Named<Announcement>.From([
                new()
                {
                    Name = "a",
                    Select = new() { Vip = ["edge"] },
                    Spec = new BgpAnnouncement { Peers = ["tor1"] },
                },
            ]),
        };
        Assert.Equal(
            [
                "announcements.a.select.vip[0]: there is no vip 'edge'",
                "announcements.a.bgp.peers[0]: there is no peer 'tor1'",
            ],
            Validate(snapshot)
        );
    }

    [Fact]
    public void A_virtual_router_id_is_one_router_on_an_interface()
    {
        var vrrp = new VrrpAnnouncement { Interface = "eth1", Id = 51 };
        var snapshot = Sound() with
        {
            Announcements = Named<Announcement>.From([
                new() { Name = "a", Spec = vrrp },
                new() { Name = "b", Spec = vrrp },
                new() { Name = "c", Spec = vrrp with { Interface = "eth2" } },
            ]),
        };
        Assert.StartsWith(
            "announcements.b.vrrp: id 51 on eth1 is already that of 'a'",
            Validate(snapshot).Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Hold_times_are_as_the_protocol_allows()
    {
        var peer = new Peer
        {
            Name = "tor1",
            Bgp = new()
            {
                Address = IPAddress.Parse("192.0.2.1"),
                As = 64512,
                LocalAs = 64513,
                HoldTime = TimeSpan.FromSeconds(2),
            },
        };
        Assert.StartsWith(
            "peers.tor1.bgp: hold-time is 2 s",
            Validate(Sound() with { Peers = Named<Peer>.From([peer]) }).Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Addresses_belong_to_one_node_and_one_vip()
    {
        var snapshot = Sound() with
        {
            Nodes = Named<Node>.From([
                new() { Name = "lb1", Addresses = [IPAddress.Loopback] },
                new() { Name = "lb2", Addresses = [IPAddress.Loopback] },
            ]),
            Vips = Named<Vip>.From([
                new() { Name = "a", Addresses = [InterfaceAddress.Single(IPAddress.Loopback)] },
                new() { Name = "b", Addresses = [new InterfaceAddress(IPAddress.Loopback, 24)] },
            ]),
        };
        Assert.Equal(
            [
                "nodes.lb2: address 127.0.0.1 is already that of node 'lb1'",
                "vips.b: address 127.0.0.1 is already that of vip 'a'",
            ],
            Validate(snapshot)
        );
    }

    [Fact]
    public void All_findings_are_reported_not_just_the_first()
    {
        var snapshot = Snapshot.Empty with
        {
            Services = Named<Service>.From(
                Enumerable.Range(0, 50).Select(i => new Service { Name = $"s{i}", Upstream = "none" })
            ),
        };
        Assert.Equal(100, Validate(snapshot).Count);
    }

    private static List<string> Validate(Snapshot snapshot) =>
        [.. SnapshotValidator.Validate(snapshot).Select(finding => finding.ToProblem(null).ToString())];

    private static Snapshot Sound() =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([Upstream()]),
            Services = Named<Service>.From([Web()]),
        };

    private static Upstream Upstream() => new() { Name = "web", Backends = [Backend] };

    private static Service Web() =>
        new()
        {
            Name = "web",
            Listeners = [Tcp("192.0.2.1", 80, 80)],
            Upstream = "web",
        };

    private static Listener Tcp(string address, int first, int last) =>
        new()
        {
            Protocol = ListenerProtocol.Tcp,
            Address = IPAddress.Parse(address),
            Ports = new(first, last),
        };

    private static PoolRange Range(string first, string last) =>
        new(new(IPAddress.Parse(first), IPAddress.Parse(last)), null);
}
