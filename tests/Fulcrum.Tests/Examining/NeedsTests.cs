using Fulcrum.Configuration;
using Fulcrum.Engine.Ports;
using Fulcrum.Examining;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Tests.Examining;

/// <summary>What a configuration asks of a machine.</summary>
public sealed class NeedsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(IpvsPlane.NoModule)]
    public void Who_needs_the_balancer_is_known_whether_it_is_there_or_not(string? unavailable)
    {
        var needs = Of(
            """
            services:
              one: { listen: "tcp://192.0.2.1:80", forward: nat, balance: maglev, backends: [10.0.0.1:80] }
              two: { listen: "tcp://192.0.2.1:81", plane: ipvs, forward: dsr, backends: [10.0.0.1] }
              page: { listen: "tcp://192.0.2.1:82", backends: [10.0.0.1:80] }
              other: { listen: "tcp://192.0.2.1:83", forward: none }
            """,
            unavailable
        );
        Assert.Equal(["service/one", "service/two"], needs.Balancer);
        Assert.Equal(needs.Balancer, needs.Administration);
        Assert.Equal(["ip_vs_mh", "ip_vs_wrr"], needs.Parts.Keys.Select(part => part.Module));
        Assert.Equal(["service/one"], needs.Parts[BalancerPart.Of(BalanceAlgorithm.Maglev)!]);
        Assert.Equal(2, needs.Table.Services.Count);
        Assert.Equal(["service/page"], needs.Proxied);
        Assert.Empty(needs.Planeless);
    }

    [Fact]
    public void What_nobody_needs_is_not_asked()
    {
        var needs = Of("services: { web: { listen: 'tcp://127.0.0.1:8080', backends: ['127.0.0.1:1'] } }");
        Assert.Empty(needs.Balancer);
        Assert.Empty(needs.Administration);
        Assert.Empty(needs.Marks);
        Assert.Empty(needs.Sources);
        Assert.Empty(needs.MarkedSockets);
        Assert.Empty(needs.Echo);
        Assert.Empty(needs.Kinds);
        Assert.Empty(needs.Interfaces);
        Assert.Empty(needs.Networks);
        Assert.Null(needs.Group);
    }

    [Fact]
    public void Interfaces_where_the_kernel_takes_over_are_those_of_this_node()
    {
        var needs = Of(
            """
            nodes:
              lb1: { offload: [eth0, lo] }
              lb2: { offload: [eth7] }
            services:
              dns: { listen: "udp://192.0.2.1:53", backends: [10.0.0.1:53] }
            """
        );
        Assert.Equal(["node/lb1"], needs.Offload);
        Assert.Equal(["eth0", "lo"], needs.OffloadInterfaces);
        Assert.Equal(["eth0", "lo"], needs.Interfaces.Keys);
    }

    [Fact]
    public void Ports_of_the_kernels_services_need_no_right()
    {
        var needs = Of(
            """
            services:
              kernel: { listen: "tcp://192.0.2.1:80", forward: nat, backends: [10.0.0.1:80] }
              proxy: { listen: "tcp://192.0.2.1:443", backends: [10.0.0.1:80] }
            """
        );
        Assert.Equal([(443, "service/proxy")], needs.LowPorts);
    }

    [Fact]
    public void Marks_and_sources_are_known_by_who_has_them()
    {
        var needs = Of(
            """
            services:
              range: { listen: "tcp://192.0.2.1:80-81", forward: dsr, backends: [10.0.0.1] }
              both: { listen: ["tcp://192.0.2.2:80", "tcp://192.0.2.2:443"], together: true, forward: dsr, backends: [10.0.0.1] }
              own: { listen: "mark://7", forward: dsr, backends: [10.0.0.1] }
              nat: { listen: "tcp://192.0.2.3:80", forward: nat, upstream: hidden }
            upstreams:
              hidden: { backends: [{ address: "10.0.0.1:80", connect: { source: 10.0.0.9 } }] }
            """
        );
        Assert.Equal(["service/both", "service/range"], needs.Marks);
        Assert.Equal(["service/nat"], needs.Sources);
    }

    [Fact]
    public void Sockets_that_need_a_right_are_found_at_listeners_upstreams_and_backends()
    {
        var needs = Of(
            """
            services:
              one: { listen: { address: "tcp://127.0.0.1:8081", mark: 7 }, backends: [10.0.0.1:80] }
              two: { listen: { address: "tcp://127.0.0.1:8082", transparent: true }, backends: [10.0.0.1:80] }
              three: { listen: "tcp://127.0.0.1:8083", upstream: marked }
              four: { listen: "tcp://127.0.0.1:8084", upstream: clear }
            upstreams:
              marked: { connect: { mark: 7 }, backends: [10.0.0.1:80] }
              clear: { backends: [{ address: "10.0.0.1:80", connect: { transparent: true } }] }
            """
        );
        Assert.Equal(["service/one", "service/three"], needs.MarkedSockets);
        Assert.Equal(["service/four", "service/two"], needs.TransparentSockets);
    }

    [Fact]
    public void An_interface_that_the_file_makes_is_not_looked_for()
    {
        var needs = Of(
            """
            interfaces:
              v10: { vlan: 10, on: eth0, addresses: [10.9.0.1/24] }
            vips:
              one: { address: 10.9.0.80/24, on: v10, up-when: always, active: every-node }
              two: { address: 10.9.0.81, on: auto, up-when: always, active: every-node }
              three: { address: 10.10.0.81, on: auto, up-when: always, active: every-node }
            """
        );
        Assert.Equal(["interface/v10"], Assert.Single(needs.Interfaces, pair => pair.Key == "eth0").Value);
        Assert.Equal("vip/three", Assert.Single(needs.Networks).Who);
        Assert.Equal("vlan", Assert.Single(needs.Kinds).Kind);
    }

    [Fact]
    public void What_no_plane_carries_on_any_machine_is_no_matter_of_the_machine()
    {
        var needs = Of(
            "services: { web: { listen: 'tcp://192.0.2.1:80', forward: nat, balance: ketama, backends: ['10.0.0.1:80'] } }",
            IpvsPlane.NoModule
        );
        Assert.Empty(needs.Balancer);
        var (who, why) = Assert.Single(needs.Planeless);
        Assert.Equal("service/web", who);
        Assert.Contains("it does not balance by ketama", why, StringComparison.Ordinal);
    }

    private static Needs Of(string text, string? unavailable = null)
    {
        var loaded = SnapshotLoader.Parse(text, "test.yaml", ConfigurationFormat.Yaml);
        Assert.True(loaded.Snapshot is not null, string.Join('\n', loaded.Problems));
        return NeedsOfFile.Of(
            loaded.Snapshot,
            "lb1",
            [PlaneOffer.Ipvs with { Unavailable = unavailable }, PlaneOffer.Proxy]
        );
    }
}
