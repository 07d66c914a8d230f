using System.Net;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

/// <summary>What only means something where the kernel forwards, and what it forwards by.</summary>
public sealed class KernelRulesTests
{
    private static readonly Backend Backend = new() { Address = HostAddress.Of(IPAddress.Parse("10.0.0.1")) };

    [Theory]
    [InlineData(ListenerProtocol.Udp, Forwarding.Nat, null)]
    [InlineData(ListenerProtocol.Tcp, Forwarding.Nat, "SIP over UDP")]
    [InlineData(ListenerProtocol.Udp, Forwarding.Proxy, "but it is proxy")]
    public void Calls_are_known_again_only_by_the_kernel_and_over_udp(
        ListenerProtocol protocol,
        Forwarding forward,
        string? problem
    ) =>
        Expect(
            problem,
            With(
                new()
                {
                    Forward = forward,
                    Persist = new() { Timeout = TimeSpan.FromMinutes(5), By = ClientIdentity.SipCallId },
                },
                Listener(protocol)
            )
        );

    [Theory]
    [InlineData(Forwarding.Dsr, "192.0.2.1", null)]
    [InlineData(Forwarding.Proxy, "192.0.2.1", "but it is proxy")]
    [InlineData(Forwarding.Dsr, null, "has none of its own")]
    public void Checks_through_the_plane_need_the_kernel_and_an_address(
        Forwarding forward,
        string? address,
        string? problem
    ) =>
        Expect(
            problem,
            With(
                new() { Forward = forward, Checks = [new() { Probe = new TcpProbe(), Via = CheckVia.Forwarding }] },
                Listener(ListenerProtocol.Tcp) with
                {
                    Address = address is null ? null : IPAddress.Parse(address),
                }
            )
        );

    [Theory]
    [InlineData(Forwarding.Tunnel, TunnelKind.Gue, 6081, false, null)]
    [InlineData(Forwarding.Tunnel, TunnelKind.Gre, 6080, true, null)]
    [InlineData(Forwarding.Nat, TunnelKind.Ipip, 6080, false, "says how packets are wrapped")]
    [InlineData(Forwarding.Tunnel, TunnelKind.Gre, 6081, false, "gre has no ports")]
    [InlineData(Forwarding.Tunnel, TunnelKind.Ipip, 6080, true, "ipip has no checksum")]
    public void Each_kind_of_tunnel_has_its_own_options(
        Forwarding forward,
        TunnelKind kind,
        int port,
        bool checksum,
        string? problem
    )
    {
        var tunnel = new Tunnel
        {
            Kind = kind,
            Port = port,
            Checksum = checksum,
        };
        var snapshot = With(new() { Forward = forward }, Listener(ListenerProtocol.Tcp));
        var upstream = snapshot.Upstreams[0] with { Connect = new() { Tunnel = tunnel } };
        Expect(problem, snapshot with { Upstreams = Named<Upstream>.From([upstream]) });
    }

    [Theory]
    [InlineData(Forwarding.Nat, "no IPv6 backend")]
    [InlineData(Forwarding.Dsr, "no IPv6 backend")]
    [InlineData(Forwarding.Tunnel, null)]
    [InlineData(Forwarding.Proxy, null)]
    public void Only_tunnels_and_the_proxy_lead_from_one_family_to_the_other(Forwarding forward, string? problem) =>
        Expect(
            problem,
            With(
                new() { Forward = forward },
                Listener(ListenerProtocol.Tcp) with
                {
                    Address = IPAddress.Parse("2001:db8::1"),
                }
            )
        );

    [Theory]
    [InlineData(ListenerProtocol.Udp, null)]
    [InlineData(ListenerProtocol.Tcp, "has connections")]
    public void Only_datagrams_are_balanced_by_themselves(ListenerProtocol protocol, string? problem)
    {
        var snapshot = With(new() { Forward = Forwarding.Nat }, Listener(protocol));
        var service = snapshot.Services[0] with { Sessions = new() { OnePacket = true } };
        Expect(problem, snapshot with { Services = Named<Service>.From([service]) });
    }

    [Theory]
    [InlineData(Forwarding.Nat, "differ in forward, balance or persist")]
    [InlineData(Forwarding.Proxy, null)]
    public void Listeners_that_belong_together_are_balanced_alike_by_the_kernel(Forwarding forward, string? problem)
    {
        var other = Listener(ListenerProtocol.Tcp) with
        {
            Ports = PortRange.Of(81),
            Policy = new() { Balance = new() { Algorithm = BalanceAlgorithm.Maglev } },
        };
        var snapshot = With(new() { Forward = forward }, Listener(ListenerProtocol.Tcp), other);
        var service = snapshot.Services[0] with { Together = true };
        Expect(problem, snapshot with { Services = Named<Service>.From([service]) });
    }

    [Fact]
    public void An_interface_is_of_one_kind_and_carried_where_it_has_to_be()
    {
        var snapshot = Snapshot.Empty with
        {
            Interfaces = Named<Interface>.From([
                new()
                {
                    Name = "both",
                    Vlan = 5,
                    Macvlan = MacvlanKind.Bridge,
                    On = "eth0",
                },
                new() { Name = "bare", Macvlan = MacvlanKind.Private },
                new()
                {
                    Name = "good",
                    Macvlan = MacvlanKind.Vepa,
                    On = "eth0",
                },
                new() { Name = "what", On = "eth0" },
                new()
                {
                    Name = "self",
                    Vlan = 7,
                    On = "self",
                },
            ]),
        };
        Assert.Equal(
            [
                "interfaces.both: is a VLAN and a macvlan; expected one of them",
                "interfaces.bare: a macvlan needs the interface that carries it; expected 'on: INTERFACE'",
                "interfaces.what: 'on' says what carries a VLAN or macvlan, but it is neither; expected 'vlan: 1..4094', or 'macvlan: bridge'",
                "interfaces.self.on: it would carry itself",
            ],
            Validate(snapshot)
        );
    }

    [Fact]
    public void The_kernel_counts_whole_seconds_and_speaks_by_multicast()
    {
        var snapshot = Snapshot.Empty with
        {
            Ipvs = new()
            {
                TcpTimeout = TimeSpan.FromMilliseconds(1500),
                UdpTimeout = TimeSpan.FromSeconds(2),
                Sync = new()
                {
                    Interface = "eth1",
                    Id = 256,
                    Group = IPAddress.Parse("192.0.2.1"),
                },
            },
        };
        Assert.Equal(
            ["ipvs.tcp-timeout", "ipvs.sync.id", "ipvs.sync.group"],
            SnapshotValidator.Validate(snapshot).Select(finding => finding.Path.ToString())
        );
    }

    private static void Expect(string? problem, Snapshot snapshot)
    {
        var found = Validate(snapshot);
        if (problem is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(found), StringComparison.Ordinal);
        }
    }

    private static List<string> Validate(Snapshot snapshot) =>
        [.. SnapshotValidator.Validate(snapshot).Select(finding => finding.ToProblem(null).ToString())];

    private static Snapshot With(Policy policy, params Items<Listener> listeners) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([new() { Name = "web", Backends = [Backend] }]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "web",
                    Listeners = listeners,
                    Upstream = "web",
                    Policy = policy,
                },
            ]),
        };

    private static Listener Listener(ListenerProtocol protocol) =>
        new()
        {
            Protocol = protocol,
            Address = IPAddress.Parse("192.0.2.1"),
            Ports = PortRange.Of(80),
        };
}
