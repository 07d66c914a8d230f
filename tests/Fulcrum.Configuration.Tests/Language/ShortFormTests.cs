using System.Text;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Tests.Language;

/// <summary>What may be written shorter means the same.</summary>
public sealed class ShortFormTests
{
    private const string Upstream = "upstreams: { web: { backends: 10.0.0.1:80, ";

    [Theory]
    [InlineData(
        "services: { web: { listen: tcp://:80, backends: 10.0.0.1:80 } }",
        "services: { web: { listen: [{ address: tcp://:80 }], upstream: web } }\nupstreams: { web: { backends: [{ address: 10.0.0.1:80 }] } }"
    )]
    [InlineData(Upstream + "balance: maglev } }", Upstream + "balance: { algorithm: maglev } } }")]
    [InlineData(Upstream + "persist: 5m } }", Upstream + "persist: { timeout: 5m } } }")]
    [InlineData(Upstream + "healthy: 60% } }", Upstream + "healthy: { at-least: 0.6 } } }")]
    [InlineData(Upstream + "checks: tcp } }", Upstream + "checks: [{ tcp: {} }] } }")]
    [InlineData(Upstream + "checks: [{ tcp: }] } }", Upstream + "checks: [{ tcp: {} }] } }")]
    [InlineData(
        Upstream + "checks: https } }",
        Upstream + "checks: [{ https: { path: / , tls: { verify: system } } }] } }"
    )]
    [InlineData(Upstream + "checks: { http: /x } } }", Upstream + "checks: [{ http: { path: /x } }] } }")]
    [InlineData(
        Upstream + "checks: { exec: /bin/true } } }",
        Upstream + "checks: [{ exec: { command: [/bin/true] } }] } }"
    )]
    [InlineData(Upstream + "recovery: slow-start } }", Upstream + "recovery: { mode: slow-start } } }")]
    [InlineData(Upstream + "eject: true } }", Upstream + "eject: {} } }")]
    [InlineData(
        Upstream + "eject: { success-rate: 90% } } }",
        Upstream + "eject: { success-rate: { below: 0.9 } } } }"
    )]
    [InlineData(Upstream + "eject: false } }", Upstream + "labels: {} } }")]
    [InlineData(
        Upstream + "connect: { tls: true, retry: 3 } } }",
        Upstream + "connect: { tls: {}, retry: { attempts: 3 } } } }"
    )]
    [InlineData(
        Upstream + "discover: { dns: x.example.com } } }",
        Upstream + "discover: { dns: { name: x.example.com } } } }"
    )]
    [InlineData("stages: { a: echo }", "stages: { a: { built-in: echo } }")]
    [InlineData("announcements: { a: { route: dummy0 } }", "announcements: { a: { route: { interface: dummy0 } } }")]
    [InlineData(
        "pools: { a: { addresses: 10.0.0.0/30 } }",
        "pools: { a: { addresses: [{ range: 10.0.0.0-10.0.0.3 }] } }"
    )]
    [InlineData(
        "vips: { a: { address: 10.0.0.1, on: eth0 } }",
        "vips: { a: { address: [10.0.0.1/32], on: { interface: eth0 } } }"
    )]
    [InlineData("vips: { a: { address: 10.0.0.1 } }", "vips: { a: { address: 10.0.0.1, lifetime: 1m } }")]
    [InlineData("ipvs: { sync: eth1 }", "ipvs: { sync: { interface: eth1, group: 224.0.0.81, port: 8848, ttl: 1 } }")]
    [InlineData("ipvs: { tcp-timeout: 15m }", "ipvs: { tcp-timeout: 900s }")]
    [InlineData("nodes: { a: , b: {} }", "nodes: { a: {}, b: }")]
    public void Says_the_same(string brief, string full) => Assert.Equal(Load(full), Load(brief));

    [Fact]
    public void Announcing_by_bgp_raises_the_addresses_everywhere()
    {
        var snapshot = Load(
            "services: { web: { listen: [tcp://192.0.2.1:80, udp://192.0.2.1:80, 'tcp://[2001:db8::1]:80'], backends: 10.0.0.1, labels: { tier: a }, announce: bgp } }"
        );
        var vip = Assert.Single(snapshot.Vips);
        Assert.Equal("web", vip.Name);
        Assert.Equal(["192.0.2.1", "2001:db8::1"], vip.Addresses.Select(address => address.ToString()));
        Assert.Equal(ActiveOn.EveryNode, vip.Active);
        Assert.IsType<OnDummy>(vip.On);
        Assert.Equal("a", vip.Labels["tier"]);
        var announcement = Assert.Single(snapshot.Announcements);
        Assert.Equal("web-bgp", announcement.Name);
        Assert.Equal(["web"], announcement.Select.Vip);
        Assert.IsType<BgpAnnouncement>(announcement.Spec);
    }

    [Fact]
    public void Announcing_to_neighbors_raises_them_on_one_node()
    {
        var snapshot = Load(
            "services: { web: { listen: tcp://192.0.2.1:80, backends: 10.0.0.1:80, announce: [neighbor, { vrrp: { interface: eth0, id: 7 } }] } }"
        );
        Assert.Equal(ActiveOn.Role, Assert.Single(snapshot.Vips).Active);
        Assert.Equal(["web-neighbor", "web-vrrp"], snapshot.Announcements.Select(item => item.Name));
    }

    [Fact]
    public void The_policy_of_a_service_with_backends_stays_on_the_service()
    {
        var snapshot = Load(
            "services: { web: { listen: tcp://:80, backends: 10.0.0.1:80, balance: maglev, connect: { timeout: 1s } } }"
        );
        Assert.NotNull(snapshot.Services[0].Policy.Balance);
        Assert.Null(snapshot.Upstreams[0].Policy.Balance);
        Assert.Equal(TimeSpan.FromSeconds(1), snapshot.Upstreams[0].Connect!.Timeout);
    }

    [Fact]
    public void A_secret_is_kept_as_a_reference_and_not_expanded_into_one()
    {
        var snapshot = Load(
            "peers: { p: { bgp: { address: 10.0.0.1, as: 1, local-as: 2, password: { env: BGP_KEY } } } }"
        );
        Assert.Equal("BGP_KEY", snapshot.Peers[0].Bgp.Password!.Variable);
    }

    public static TheoryData<string> YamlExamples =>
        [.. ExampleTests.Files.Select(row => row.Data).Where(file => file.EndsWith(".yaml", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(YamlExamples))]
    public void Yaml_and_json_of_one_text_are_equal(string file)
    {
        var path = Path.Join(Repository.Root, file);
        var yaml = File.ReadAllText(path);
        var problems = new ProblemList();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var node = YamlReader.Read(
            SourceText.From(path, Encoding.UTF8.GetBytes(yaml)),
            new NodeBudget(NodeLimits.Default),
            new Expansion(variables, problems),
            problems
        )!;
        var root = Assert.IsType<MappingNode>(node);
        var alone = new MappingNode([.. root.Entries.Where(entry => entry.Key != "include")]);
        Assert.Equal(Load(YamlWriter.Write(alone)), Load(JsonWriter.Write(alone), ConfigurationFormat.Json));
    }

    private static Snapshot Load(string text, ConfigurationFormat format = ConfigurationFormat.Yaml)
    {
        var result = SnapshotLoader.Parse(text, "t", format);
        Repository.AssertFine(result);
        return result.Snapshot!;
    }
}
