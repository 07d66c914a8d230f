using System.Net;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class RoutingRuleTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(SocketFamily.IPv4, "192.0.2.0/24", "198.51.100.7/32")]
    [InlineData(SocketFamily.IPv6, "2001:db8::/64", "2001:db8:1::7/128")]
    public async Task A_rule_is_added_listed_and_deleted(SocketFamily family, string from, string to)
    {
        var rule = new RoutingRule
        {
            Family = family,
            Priority = 1234,
            From = IPNetwork.Parse(from),
            To = IPNetwork.Parse(to),
            Mark = 0x40,
            MarkMask = 0xf0,
            IncomingInterface = "left",
            OutgoingInterface = "right",
            Table = 4711,
            SuppressedPrefixLength = 0,
            Protocol = 0x42,
        };
        await _lab.Net.Rules.AddAsync(rule);
        var seen = Assert.Single(Seen(family), one => (int)one!["priority"]! == 1234)!;
        Assert.Equal(from, $"{seen["src"]}/{seen["srclen"]}");
        Assert.Equal(to.Split('/')[0], (string?)seen["dst"]);
        Assert.Equal(("0x40", "0xf0"), ((string?)seen["fwmark"], (string?)seen["fwmask"]));
        Assert.Equal(("left", "right"), ((string?)seen["iif"], (string?)seen["oif"]));
        Assert.Equal(("4711", "66"), ((string?)seen["table"], (string?)seen["protocol"]));
        Assert.Equal(0, (int)seen["suppress_prefixlen"]!);
        Assert.Contains(rule, await _lab.Net.Rules.ListAsync());

        var exception = await Assert.ThrowsAsync<NetlinkException>(() => _lab.Net.Rules.AddAsync(rule));
        Assert.Equal(Errno.Exists, exception.Error);
        await _lab.Net.Rules.DeleteAsync(rule);
        Assert.DoesNotContain(rule, await _lab.Net.Rules.ListAsync());
        exception = await Assert.ThrowsAsync<NetlinkException>(() => _lab.Net.Rules.DeleteAsync(rule));
        Assert.Equal(Errno.NotFound, exception.Error);
    }

    [Theory]
    [InlineData(SocketFamily.IPv4)]
    [InlineData(SocketFamily.IPv6)]
    public async Task A_rule_may_forbid_and_be_for_all_others(SocketFamily family)
    {
        var rule = new RoutingRule
        {
            Family = family,
            Priority = 7,
            Mark = 3,
            IsInverted = true,
            Action = RuleAction.Prohibit,
        };
        await _lab.Net.Rules.AddAsync(rule);
        var seen = Assert.Single(Seen(family), one => (int)one!["priority"]! == 7)!;
        Assert.True(seen.AsObject().ContainsKey("not"));
        Assert.Equal("prohibit", (string?)seen["action"]);
        Assert.Contains(rule, await _lab.Net.Rules.ListAsync());
    }

    [Fact]
    public async Task The_first_rules_are_the_kernels()
    {
        var rules = await _lab.Net.Rules.ListAsync();
        Assert.Equal(
            [0u, 32766u, 32767u],
            rules.Where(rule => rule.Family == SocketFamily.IPv4).Select(rule => rule.Priority!.Value)
        );
        Assert.Equal([255u, 254u], rules.Where(rule => rule.Family == SocketFamily.IPv6).Select(rule => rule.Table));
    }

    private System.Text.Json.Nodes.JsonArray Seen(SocketFamily family) =>
        _lab.Ip(family == SocketFamily.IPv4 ? "-4" : "-6", "rule", "show");
}
