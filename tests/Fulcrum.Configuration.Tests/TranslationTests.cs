using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Peers;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Tests;

/// <summary>What the hand-made translations mean: the constructs for which the words of the language were chosen.</summary>
public sealed class TranslationTests
{
    [Theory]
    [InlineData("seesaw", "cluster.pb")]
    [InlineData("gorb", "requests.http")]
    [InlineData("gobetween", "gobetween.toml")]
    [InlineData("opensvc", "service.conf")]
    [InlineData("l7mp", "l7mp.yaml")]
    [InlineData("metallb", "resources.yaml")]
    [InlineData("purelb", "resources.yaml")]
    [InlineData("openelb", "resources.yaml")]
    public void Original_translation_and_note_stand_together(string system, string original)
    {
        Assert.True(File.Exists(PathOf(system, original)));
        Assert.StartsWith("# ", File.ReadAllText(PathOf(system, "NOTES.md")), StringComparison.Ordinal);
        _ = Load(system);
    }

    [Fact]
    public void Seesaws_firewall_mark_service_is_one_domain_over_two_ports()
    {
        var irc = Load("seesaw").Services.Find("irc.server")!;
        Assert.True(irc.Together);
        Assert.Equal([6667, 6697], irc.Listeners.Select(listener => listener.Ports.First));
    }

    [Fact]
    public void Seesaws_watermarks_and_statuses_keep_their_meaning()
    {
        var cluster = Load("seesaw");
        var marks = cluster.Services.Find("http.proxy")!.Policy.Healthy!;
        Assert.Equal((0.6, 0.3), (marks.AtLeast.Share, marks.KeepWhile!.Value.Share));
        var resolvers = cluster.Upstreams.Find("dns.resolver")!.Backends;
        Assert.Equal(
            [BackendStatus.Enabled, BackendStatus.Disabled, BackendStatus.Planned],
            resolvers.Select(backend => backend.Status)
        );
        Assert.Equal(Forwarding.Dsr, cluster.Defaults.Policy.Forward);
        Assert.Equal(CheckVia.Forwarding, cluster.Services.Find("dns.resolver")!.Policy.Checks[0].Via);
    }

    [Fact]
    public void Seesaws_addresses_are_vips_of_three_kinds()
    {
        var cluster = Load("seesaw");
        Assert.Equal(511, cluster.Interfaces.Find("eth1.511")!.Vlan);
        Assert.Equal((new OnDummy(), UpWhen.All, ActiveOn.EveryNode), Of(cluster.Vips.Find("dns")!));
        Assert.Equal((new OnDummy(), UpWhen.Always, ActiveOn.Role), Of(cluster.Vips.Find("proxy")!));
        Assert.Equal((new OnInterface("eth1.514"), UpWhen.Always, ActiveOn.Role), Of(cluster.Vips.Find("irc")!));
        Assert.Equal(60, Assert.IsType<VrrpAnnouncement>(cluster.Announcements.Find("pair")!.Spec).Id);

        static (VipPlace, UpWhen, ActiveOn) Of(Vip vip) => (vip.On, vip.UpWhen, vip.Active);
    }

    [Fact]
    public void Gorbs_backends_come_back_by_their_history()
    {
        var web = Load("gorb").Upstreams.Find("web")!;
        Assert.Equal((RecoveryMode.History, 100), (web.Recovery!.Mode, web.Recovery.Samples));
        Assert.Equal(["web-1", "web-2"], web.Backends.Select(backend => backend.Id));
        Assert.Equal(["consul"], Load("gorb").Services[0].Register);
    }

    [Fact]
    public void Gobetweens_server_names_priorities_and_access_are_kept()
    {
        var file = Load("gobetween");
        var https = file.Upstreams.Find("https")!;
        Assert.Equal(BySni.Default, https.BySni);
        Assert.Equal([1, 1, 2, 1], https.Backends.Select(backend => backend.Priority));
        Assert.Equal("www.example.com", https.Backends[0].Sni!.Text);
        Assert.Equal("10.1.0.0/16", file.Services.Find("https")!.Client.Deny[0].ToString());
        var dns = Assert.IsType<Model.Discovery.DnsDiscovery>(file.Upstreams.Find("game")!.Discover!.Source);
        Assert.Equal(("_game._udp.example.com", true), (dns.Name.TrimEnd('.'), dns.OverTcp));
    }

    [Fact]
    public void L7mps_rule_list_leads_over_a_logger_to_a_websocket_with_retries()
    {
        var file = Load("l7mp");
        Assert.Equal(15001, file.Services[0].Listeners[0].Peer!.Port);
        var route = file.RouteLists.Find("device-rules")!.Routes[0];
        Assert.Equal(["logger"], route.Ingress);
        Assert.Equal([RetryReason.ConnectFailure, RetryReason.Disconnect], route.Retry!.On);
        Assert.Equal(new ToUpstream("ws-cluster"), route.Action);
        Assert.Equal(ConnectProtocol.WebSocket, file.Upstreams[0].Connect!.Protocol);
    }

    [Fact]
    public void Metallbs_pools_are_announced_by_selector_and_shared_by_key()
    {
        var file = Load("metallb");
        Assert.All(file.Services, service => Assert.Equal("dns", service.AddressFrom!.ShareKey));
        Assert.All(file.Services, service => Assert.Equal(AddressFamilies.Dual, service.AddressFrom!.Families));
        var lan = file.Announcements.Find("lan")!;
        Assert.True(lan.Select.Pools.Matches(Labels.From([new("tier", "internal")])));
        Assert.False(lan.Select.Pools.Matches(Labels.From([new("tier", "public")])));
        Assert.Equal(TimeSpan.FromMilliseconds(100), file.Peers[0].Bgp.Bfd!.Receive);
    }

    [Fact]
    public void Purelbs_remote_group_is_a_route_on_a_named_dummy()
    {
        var file = Load("purelb");
        Assert.True(file.Interfaces.Find("kube-lb0")!.Dummy);
        Assert.Equal("kube-lb0", Assert.IsType<RouteAnnouncement>(file.Announcements.Find("routed")!.Spec).Interface);
        Assert.Equal(TimeSpan.FromSeconds(300), file.Pools.Find("default")!.Vip.Lifetime);
    }

    [Fact]
    public void Openelbs_peer_belongs_to_the_nodes_of_a_rack()
    {
        Peer router = Load("openelb").Peers[0];
        Assert.True(router.Nodes.Matches(Labels.From([new("openelb.kubesphere.io/rack", "leaf1")])));
        Assert.False(router.Nodes.Matches(Labels.Empty));
    }

    private static Snapshot Load(string system)
    {
        var result = SnapshotLoader.Load(PathOf(system, "fulcrum.yaml"));
        Repository.AssertFine(result);
        return result.Snapshot!;
    }

    private static string PathOf(string system, string file) =>
        Path.Join(Repository.Root, "examples", "translations", system, file);
}
