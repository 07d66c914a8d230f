using System.Net;
using System.Net.NetworkInformation;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Generic;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>What ip(8) of iproute2 6.1 sent, and what a kernel 6.18 answered, byte for byte.</summary>
public sealed class GoldenTests
{
    /// <summary><c>ip addr add 192.0.2.7/24 dev left label left:x valid_lft 3000 preferred_lft 2000</c></summary>
    [Fact]
    public void An_address() =>
        Equal(
            new InterfaceAddressCodec(),
            """
            02180000 03000000 08000200 c0000207 0b000300 6c656674 3a780000 08000100
            c0000207 14000600 d0070000 b80b0000 00000000 00000000
            """,
            new()
            {
                Interface = 3,
                Address = IPAddress.Parse("192.0.2.7"),
                PrefixLength = 24,
                Label = "left:x",
                ValidFor = TimeSpan.FromSeconds(3000),
                PreferredFor = TimeSpan.FromSeconds(2000),
            }
        );

    /// <summary><c>ip -6 addr add 2001:db8::7/64 dev left nodad</c></summary>
    [Fact]
    public void An_address_of_IPv6() =>
        Equal(
            new InterfaceAddressCodec(),
            """
            0a400200 03000000 14000200 20010db8 00000000 00000000 00000007 14000100
            20010db8 00000000 00000000 00000007
            """,
            new()
            {
                Interface = 3,
                Address = IPAddress.Parse("2001:db8::7"),
                PrefixLength = 64,
                Flags = InterfaceAddressFlags.NoDuplicateDetection,
            }
        );

    /// <summary><c>ip route add 198.51.100.0/24 via 192.0.2.9 dev left table 4711 proto 66 metric 77</c></summary>
    [Fact]
    public void A_route() =>
        Equal(
            new NetworkRouteCodec(),
            """
            02180000 00420001 00000000 08000100 c6336400 08000500 c0000209 08000f00
            67120000 08000600 4d000000 08000400 03000000
            """,
            new()
            {
                Destination = IPNetwork.Parse("198.51.100.0/24"),
                Table = 4711,
                Protocol = 66,
                Priority = 77,
                NextHops = [new NextHop { Interface = 3, Gateway = IPAddress.Parse("192.0.2.9") }],
            }
        );

    /// <summary>
    /// <c>ip route add 198.51.101.0/24 nexthop via 192.0.2.9 dev left nexthop via inet6 2001:db8::9 dev left weight 3</c>
    /// </summary>
    [Fact]
    public void A_route_of_several_ways() =>
        Equal(
            new NetworkRouteCodec(),
            """
            02180000 fe030001 00000000 08000100 c6336500 34000900 10000000 03000000
            08000500 c0000209 20000002 03000000 16001200 0a002001 0db80000 00000000
            00000000 00090100
            """,
            new()
            {
                Destination = IPNetwork.Parse("198.51.101.0/24"),
                Protocol = RouteProtocol.Boot,
                NextHops =
                [
                    new NextHop { Interface = 3, Gateway = IPAddress.Parse("192.0.2.9") },
                    new NextHop
                    {
                        Interface = 3,
                        Gateway = IPAddress.Parse("2001:db8::9"),
                        Weight = 3,
                    },
                ],
            }
        );

    /// <summary><c>ip rule add from 192.0.2.0/24 fwmark 0x40/0xf0 table 4711 priority 1234</c></summary>
    [Fact]
    public void A_rule() =>
        Equal(
            new RoutingRuleCodec(),
            """
            02001800 00000001 00000000 08000200 c0000200 08000a00 40000000 08001000
            f0000000 08000f00 67120000 08000600 d2040000
            """,
            new()
            {
                Family = SocketFamily.IPv4,
                Priority = 1234,
                From = IPNetwork.Parse("192.0.2.0/24"),
                Mark = 0x40,
                MarkMask = 0xf0,
                Table = 4711,
            }
        );

    /// <summary><c>ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev left</c></summary>
    [Fact]
    public void A_neighbor() =>
        Equal(
            new NeighborCodec(),
            "02000000 03000000 80000000 08000100 c0000209 0a000200 02000000 00090000",
            new()
            {
                Interface = 3,
                Address = IPAddress.Parse("192.0.2.9"),
                HardwareAddress = PhysicalAddress.Parse("02-00-00-00-00-09"),
                State = NeighborState.Permanent,
            }
        );

    /// <summary><c>ip link add link left name v7 type vlan id 7</c></summary>
    [Fact]
    public void A_link() =>
        Equal(
            new NetworkLinkCodec(),
            """
            00000000 00000000 00000000 00000000 08000500 03000000 07000300 76370000
            18001200 08000100 766c616e 0c000200 06000100 07000000
            """,
            new()
            {
                Name = "v7",
                Parent = 3,
                Kind = new VlanKind(7),
            }
        );

    [Fact]
    public void Links_that_a_kernel_told()
    {
        var links = Told("links", new NetworkLinkCodec());
        Assert.Equal(["lo", "right", "left"], links.Select(link => link.Name));
        Assert.Equal([null, new VethKind(), new VethKind()], links.Select(link => link.Kind));
        Assert.Equal(["uplink", "towards-the-rack-switch"], links[2].AlternativeNames);
        Assert.Equal([false, true, false], links.Select(link => link.Master != 0));
        Assert.All(links, link => Assert.True(link.IsUp));
    }

    [Fact]
    public void Addresses_that_a_kernel_told()
    {
        var addresses = Told("addresses", new InterfaceAddressCodec());
        Assert.Equal("127.0.0.1/8 on interface 1", $"{addresses[0]}");
        var timed = Assert.Single(addresses, address => address.Label == "left:x");
        Assert.Equal(
            (TimeSpan.FromSeconds(3000), TimeSpan.FromSeconds(2000)),
            (timed.ValidFor!.Value, timed.PreferredFor!.Value)
        );
        Assert.Equal("192.0.2.2", $"{Assert.Single(addresses, address => address.Peer is not null).Peer}");
    }

    [Fact]
    public void Routes_that_a_kernel_told()
    {
        var routes = Told("routes", new NetworkRouteCodec());
        Assert.Equal(
            ["198.51.100.0/24", "198.51.101.0/24", "198.51.102.0/24", "198.51.103.0/24", "2001:db8:1::/48", "::/0"],
            routes.Select(route => $"{route.Destination}")
        );
        Assert.Equal([1, 2, 0, 1, 2, 1], routes.Select(route => route.NextHops.Count));
        Assert.True(routes[3].NextHops[0].IsOnLink);
        Assert.Equal(RouteType.Blackhole, routes[2].Type);
        var other = Told("routes-ipv6", new NetworkRouteCodec());
        Assert.Equal(["2001:db8:1::/48", "::/0"], other.Select(route => $"{route.Destination}").Order());
    }

    [Fact]
    public void Rules_that_a_kernel_told()
    {
        var rules = Told("rules", new RoutingRuleCodec());
        var inverted = Assert.Single(rules, rule => rule.IsInverted);
        Assert.Equal((7u, "left", 0), (inverted.Priority, inverted.IncomingInterface, inverted.SuppressedPrefixLength));
        Assert.Equal(8, rules.Count);
        Assert.Single(rules, rule => rule is { Action: RuleAction.Unreachable, OutgoingInterface: "left" });
    }

    [Fact]
    public void Neighbors_that_a_kernel_told()
    {
        var neighbors = Told("neighbors", new NeighborCodec());
        Assert.Contains(neighbors, neighbor => neighbor.Flags == NeighborFlags.Router);
        Assert.Equal(NeighborFlags.Proxy, Assert.Single(Told("proxies", new NeighborCodec())).Flags);
    }

    [Fact]
    public void A_family_that_a_kernel_told()
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(PathOf("family"));
        Assert.True(NetlinkMessage.TryTake(ref bytes, out var message));
        Assert.True(GenericFamilyCodec.TryDecode(message, out var family));
        Assert.Equal(("nlctrl", 16), (family.Name, family.Id));
    }

    [Theory]
    [InlineData("error", "Unknown device type (Operation not supported, 95)")]
    [InlineData("error-capped", "Unknown device type (Operation not supported, 95)")]
    [InlineData("error-short", "ipv4: Local address is not supplied (Invalid argument, 22)")]
    public void An_error_that_a_kernel_told(string file, string words)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(PathOf(file));
        Assert.True(NetlinkMessage.TryTake(ref bytes, out var message));
        Assert.True(NetlinkError.TryDecode(message, out var error));
        Assert.Equal(words, $"{error}");
    }

    private static void Equal<T>(NetlinkCodec<T> codec, string hexadecimal, T expected)
        where T : class
    {
        var bytes = Convert.FromHexString(string.Concat(hexadecimal.Where(char.IsAsciiHexDigit)));
        Assert.True(codec.TryDecode(bytes, out var item));
        Assert.Equal(expected, item);
    }

    private static List<T> Told<T>(string file, NetlinkCodec<T> codec)
        where T : class
    {
        var items = new List<T>();
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(PathOf(file));
        while (NetlinkMessage.TryTake(ref bytes, out var message) && message.Type == codec.NewType)
        {
            // Of rules there are also such of multicast routing.
            if (codec.TryDecode(message.Body, out var item))
            {
                items.Add(item);
            }
        }

        return items;
    }

    private static string PathOf(string file) => Repository.PathOf("tests", "Fulcrum.Fuzz", "Corpus", "netlink", file);
}
