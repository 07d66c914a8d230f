using System.Net;
using System.Text.Json.Nodes;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class NetworkRouteTests : IDisposable
{
    private const uint Table = 4711;

    private readonly Lab _lab = new();

    public NetworkRouteTests()
    {
        _lab.Change("addr", "add", "192.0.2.1/24", "dev", "left");
        _lab.Change("addr", "add", "2001:db8::1/64", "dev", "left", "nodad");
    }

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("198.51.100.0/24", "192.0.2.9", "192.0.2.1", "192.0.2.10")]
    [InlineData("2001:db8:1::/48", "2001:db8::9", "2001:db8::1", "2001:db8::10")]
    public async Task A_route_by_a_gateway_is_added_replaced_and_deleted(
        string to,
        string by,
        string from,
        string otherwise
    )
    {
        var route = new NetworkRoute
        {
            Destination = IPNetwork.Parse(to),
            Table = Table,
            Protocol = 0x42,
            Priority = 77,
            PreferredSource = IPAddress.Parse(from),
            NextHops = [Hop(by)],
        };
        await _lab.Net.Routes.AddAsync(route);
        var seen = Assert.Single(Seen(route))!;
        Assert.Equal((to, by, "left"), ((string?)seen["dst"], (string?)seen["gateway"], (string?)seen["dev"]));
        Assert.Equal(("66", 77), ((string?)seen["protocol"], (int)seen["metric"]!));
        Assert.Equal(from, (string?)seen["prefsrc"]);
        Assert.Equal([route], await Listed(route));
        Assert.Contains(route, await _lab.Net.Routes.ListAsync());

        var exception = await Assert.ThrowsAsync<NetlinkException>(() => _lab.Net.Routes.AddAsync(route));
        Assert.Equal(Errno.Exists, exception.Error);

        var changed = route with { NextHops = [Hop(otherwise)] };
        await _lab.Net.Routes.ReplaceAsync(changed);
        Assert.Equal([changed], await Listed(route));
        await _lab.Net.Routes.DeleteAsync(changed);
        Assert.Empty(Seen(route));
        Assert.Empty(await Listed(route));
    }

    [Theory]
    [InlineData("198.51.100.0/24", "192.0.2.9", "192.0.2.10")]
    [InlineData("0.0.0.0/0", "192.0.2.9", "2001:db8::10")]
    [InlineData("2001:db8:1::/48", "2001:db8::9", "2001:db8::10")]
    public async Task A_route_has_several_ways(string to, string one, string other)
    {
        var route = new NetworkRoute
        {
            Destination = IPNetwork.Parse(to),
            Table = Table,
            Priority = 77,
            NextHops = [Hop(one), Hop(other) with { Weight = 3 }],
        };
        await _lab.Net.Routes.AddAsync(route);
        var hops = Assert.Single(Seen(route))!["nexthops"]!.AsArray();
        Assert.Equal([1, 3], hops.Select(hop => (int)hop!["weight"]!));
        Assert.Equal([one, other], hops.Select(hop => (string?)(hop!["gateway"] ?? hop["via"]!["host"])));
        Assert.Equal([route], await Listed(route));
    }

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8::77", "2001:db8::/64")]
    public async Task The_route_to_an_address_is_found(string to, string by)
    {
        var left = await _lab.Net.Links.FindAsync("left");
        var route = await _lab.Net.Routes.FindAsync(IPAddress.Parse(to));
        Assert.Equal(IPNetwork.Parse(by), route!.Destination);
        Assert.Equal(left!.Index, Assert.Single(route.NextHops).Interface);
    }

    [Theory]
    [InlineData("203.0.113.1")]
    [InlineData("3fff::1")]
    public async Task Where_no_route_leads_none_is_found(string to) =>
        Assert.Null(await _lab.Net.Routes.FindAsync(IPAddress.Parse(to)));

    [Fact]
    public async Task A_gateway_may_be_off_the_prefix_and_of_the_other_family()
    {
        NetworkRoute[] routes =
        [
            new()
            {
                Destination = IPNetwork.Parse("198.51.100.0/25"),
                Table = Table,
                NextHops = [Hop("203.0.113.1") with { IsOnLink = true }],
            },
            new()
            {
                Destination = IPNetwork.Parse("198.51.100.128/25"),
                Table = Table,
                NextHops = [Hop("2001:db8::9")],
            },
        ];
        Assert.All(await _lab.Net.Routes.AddAsync(routes), Assert.Null);
        Assert.Equal(routes, await Listed(routes[0]));
        var seen = Seen(routes[0]);
        Assert.Contains("onlink", seen[0]!["flags"]!.AsArray().Select(flag => (string?)flag));
        Assert.Equal("2001:db8::9", (string?)seen[1]!["via"]!["host"]);
    }

    [Theory]
    [InlineData(RouteType.Blackhole, "blackhole")]
    [InlineData(RouteType.Unreachable, "unreachable")]
    [InlineData(RouteType.Prohibit, "prohibit")]
    [InlineData(RouteType.Throw, "throw")]
    public async Task A_route_leads_nowhere(RouteType type, string name)
    {
        foreach (var to in new[] { "198.51.100.0/24", "2001:db8:1::/48" })
        {
            var route = new NetworkRoute
            {
                Destination = IPNetwork.Parse(to),
                Table = Table,
                Type = type,
                Priority = 7,
            };
            await _lab.Net.Routes.AddAsync(route);
            Assert.Equal(name, (string?)Assert.Single(Seen(route))!["type"]);
            Assert.Equal(type, Assert.Single(await Listed(route)).Type);
            await _lab.Net.Routes.DeleteAsync(route);
            Assert.Empty(Seen(route));
        }
    }

    [Fact]
    public async Task A_local_route_makes_addresses_ours()
    {
        var route = new NetworkRoute
        {
            Destination = IPNetwork.Parse("198.51.100.0/24"),
            Table = RouteTable.Local,
            Type = RouteType.Local,
            NextHops = [new NextHop { Interface = 1 }],
        };
        await _lab.Net.Routes.AddAsync(route);
        Assert.Contains(route, await Listed(route));
        Assert.Equal("local", (string?)_lab.Ip("route", "get", "198.51.100.200")[0]!["type"]);
    }

    [Fact]
    public async Task The_kernel_says_what_it_does_not_like()
    {
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Routes.AddAsync(
                new NetworkRoute { Destination = IPNetwork.Parse("0.0.0.0/0"), NextHops = [Hop("203.0.113.1")] }
            )
        );
        Assert.Equal(Errno.NetworkUnreachable, exception.Error);
        Assert.Equal("Nexthop has invalid gateway", exception.Reason.Text);
        Assert.Equal(
            "add route 0.0.0.0/0 in table 254: Nexthop has invalid gateway (Network is unreachable, 101)",
            exception.Message
        );
    }

    private NextHop Hop(string gateway) => new() { Interface = _lab.Left, Gateway = IPAddress.Parse(gateway) };

    private JsonArray Seen(NetworkRoute like) => _lab.Ip(Option(like), "route", "show", "table", $"{like.Table}");

    private Task<IReadOnlyList<NetworkRoute>> Listed(NetworkRoute like) =>
        _lab.Net.Routes.ListAsync(Option(like) == "-6" ? SocketFamily.IPv6 : SocketFamily.IPv4, like.Table);

    private static string Option(NetworkRoute route) =>
        route.Destination.BaseAddress.GetAddressBytes().Length == 4 ? "-4" : "-6";
}
