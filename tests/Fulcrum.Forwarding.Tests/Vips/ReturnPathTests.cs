using System.Net;
using Fulcrum.Forwarding.Interfaces;
using static Fulcrum.Forwarding.Tests.Vips.VipLab;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>Two uplinks: answers from a vip leave by the router of its own.</summary>
public sealed class ReturnPathTests : IDisposable
{
    private readonly VipLab _lab = new();

    public ReturnPathTests()
    {
        _lab.Node.Ip("route", "add", "default", "via", "192.0.2.1");
        _lab.Node.Ip("-6", "route", "add", "default", "via", "2001:db8::1");
        _lab.Node.Ip("address", "add", "198.51.100.2/24", "dev", "eth1");
        _lab.Node.Ip("address", "add", "2001:db8:1::2/64", "dev", "eth1", "nodad");
    }

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("198.51.100.80/24", "198.51.100.1", "203.0.113.9", "192.0.2.9")]
    [InlineData("2001:db8:1::80/64", "2001:db8:1::1", "2001:db8:53::9", "2001:db8::9")]
    [InlineData("2001:db8:1::80/64", "fe80::1", "2001:db8:53::9", "2001:db8::9")]
    public async Task Answers_leave_by_its_router_and_neighbors_are_reached_as_ever(
        string address,
        string gateway,
        string far,
        string near
    )
    {
        var vip = Vip(address) with { Gateway = IPAddress.Parse(gateway) };
        var key = vip.Key.ToString();
        var addresses = _lab.Start();
        await addresses.SetAsync(vip, default);
        Assert.Equal((gateway, "eth1"), Way(far, key));
        Assert.Equal((null, "eth0"), Way(near, key));
        Assert.Equal("eth0", Way(far, null).Interface);
        Assert.Equal([vip], await addresses.ReadAsync(default));

        // Another run finds it whole.
        var writes = _lab.Writes;
        var next = _lab.Start();
        await next.SetAsync(vip, default);
        Assert.Equal(writes, _lab.Writes);

        // The link went, and the route with it.
        _lab.Node.Ip(key.Contains(':') ? "-6" : "-4", "route", "flush", "table", Table(key));
        Assert.NotEqual([vip], await next.ReadAsync(default));
        await next.SetAsync(vip, default);
        Assert.Equal((gateway, "eth1"), Way(far, key));

        await next.SetAsync(vip with { Gateway = null }, default);
        Assert.Equal("eth0", Way(far, key).Interface);
        await next.SetAsync(vip, default);
        await next.RemoveAsync(vip, default);
        Assert.Empty(Rules(vip.Key.AddressFamily));
    }

    [Fact]
    public async Task Those_with_one_router_share_a_table_and_it_goes_with_the_last()
    {
        var addresses = _lab.Start();
        var gateway = IPAddress.Parse("198.51.100.1");
        var (one, other) = (
            Vip("198.51.100.80/24") with
            {
                Gateway = gateway,
            },
            Vip("198.51.100.81/24") with
            {
                Gateway = gateway,
            }
        );
        await addresses.SetAsync(one, default);
        await addresses.SetAsync(other, default);
        Assert.Equal(Table("198.51.100.80"), Table("198.51.100.81"));
        var elsewhere = Vip("192.0.2.80/24") with { Gateway = IPAddress.Parse("192.0.2.254") };
        await addresses.SetAsync(elsewhere, default);
        Assert.NotEqual(Table("198.51.100.80"), Table("192.0.2.80"));

        var table = Table("198.51.100.80");
        await addresses.RemoveAsync(one, default);
        Assert.Equal("198.51.100.1", Way("203.0.113.9", "198.51.100.81").Gateway);
        await addresses.RemoveAsync(other, default);
        Assert.Empty(_lab.Json("route", "show", "table", table));
    }

    [Fact]
    public async Task What_a_former_run_left_of_one_that_is_gone_is_taken_away()
    {
        var vip = Vip("198.51.100.80/24") with { Gateway = IPAddress.Parse("198.51.100.1") };
        await _lab.Start(runs: false).SetAsync(vip, default);
        _lab.Node.Ip("address", "del", "198.51.100.80/24", "dev", "eth1");
        var next = _lab.Start();
        var left = Assert.Single(await next.ReadAsync(default));
        Assert.Equal(vip.Key, left.Key);
        await next.RemoveAsync(left, default);
        Assert.Empty(Rules(vip.Key.AddressFamily));
        Assert.Empty(await next.ReadAsync(default));
    }

    [Fact]
    public async Task A_router_on_no_network_of_the_node_is_the_vips_error()
    {
        var vip = Vip("198.51.100.80/24") with { Gateway = IPAddress.Parse("203.0.113.1") };
        var error = await Assert.ThrowsAsync<AddressException>(() => _lab.Start().SetAsync(vip, default).AsTask());
        Assert.Equal("gateway 203.0.113.1 is on no network of this node", error.Message);
    }

    private (string? Gateway, string Interface) Way(string to, string? from)
    {
        var route = _lab.Json(["route", "get", to, .. from is null ? Array.Empty<string>() : ["from", from]])[0]!;
        return ((string?)route["gateway"], (string)route["dev"]!);
    }

    // Of two rules the one that names no table of the system's.
    private string Table(string key) =>
        Rules(IPAddress.Parse(key).AddressFamily).Single(rule => rule.From == key && rule.Table != "main").Table;

    private IEnumerable<(string From, string Table)> Rules(System.Net.Sockets.AddressFamily family) =>
        from rule in _lab.Json(family == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "-6" : "-4", "rule", "show")
        where (string)rule!["src"]! != "all"
        select ((string)rule["src"]!, (string)rule["table"]!);
}
