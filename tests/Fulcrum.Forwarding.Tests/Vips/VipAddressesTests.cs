using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using static Fulcrum.Forwarding.Tests.Vips.VipLab;

namespace Fulcrum.Forwarding.Tests.Vips;

public sealed class VipAddressesTests : IDisposable
{
    private readonly VipLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.80", 32)]
    [InlineData("192.0.2.80/24", 24)]
    [InlineData("192.0.2.80/28", 28)]
    [InlineData("2001:db8::80", 128)]
    [InlineData("2001:db8::80/64", 64)]
    public async Task It_stands_where_its_network_is(string address, int length)
    {
        var addresses = _lab.Start();
        var family = address.Contains(':') ? "-6" : "-4";
        var routes = _lab.Node.Ip(family, "route", "show", "proto", "kernel", "type", "unicast");
        await addresses.SetAsync(Vip(address), default);
        var (on, seen) = Assert.Single(_lab.Seen(address.Split('/')[0]));
        Assert.Equal(("eth0", length), (on, (int)seen["prefixlen"]!));
        Assert.Equal([Vip(address)], await addresses.ReadAsync(default));
        // The network is reached as it was.
        var after = _lab.Node.Ip(family, "route", "show", "proto", "kernel", "type", "unicast");
        Assert.Equal(
            routes,
            after.Replace(
                "2001:db8::80 dev eth0 proto kernel metric 1179995203 pref medium\n",
                "",
                StringComparison.Ordinal
            )
        );
        await addresses.RemoveAsync(Vip(address), default);
        Assert.Empty(_lab.Seen(address.Split('/')[0]));
        Assert.Empty(await addresses.ReadAsync(default));
        Assert.Single(_lab.Seen("192.0.2.2"));
    }

    [Theory]
    [InlineData("198.51.100.80/24", "198.51.100.0/24")]
    [InlineData("2001:db8:1::80/64", "2001:db8:1::/64")]
    public async Task On_an_interface_without_its_network_it_brings_the_route(string address, string network)
    {
        var addresses = _lab.Start();
        await addresses.SetAsync(Vip(address, new OnInterface("eth1")), default);
        Assert.Equal("eth1", Assert.Single(_lab.Seen(address.Split('/')[0])).Interface);
        var family = address.Contains(':') ? "-6" : "-4";
        Assert.Single(_lab.Json(family, "route", "show", "dev", "eth1"), route => (string?)route!["dst"] == network);
        await addresses.RemoveAsync(Vip(address, new OnInterface("eth1")), default);
        Assert.DoesNotContain(_lab.Json(family, "route", "show"), route => (string?)route!["dst"] == network);
    }

    [Fact]
    public async Task Connections_of_the_nodes_own_do_not_start_from_it()
    {
        var addresses = _lab.Start();
        await addresses.SetAsync(Vip("2001:db8::80"), default);
        await addresses.SetAsync(Vip("203.0.113.80", new OnInterface("eth0")), default);
        Assert.Equal("2001:db8::2", (string?)_lab.Json("route", "get", "2001:db8::99")[0]!["prefsrc"]);
        Assert.True((bool)Assert.Single(_lab.Seen("2001:db8::80")).Address["deprecated"]!);

        // Even when the vip was there before the node's own.
        _lab.Node.Ip("address", "del", "192.0.2.2/24", "dev", "eth0");
        _lab.Node.Ip("address", "add", "192.0.2.2/24", "dev", "eth0");
        _lab.Node.Ip("route", "add", "default", "via", "192.0.2.1");
        Assert.Equal("192.0.2.2", (string?)_lab.Json("route", "get", "198.51.100.1")[0]!["prefsrc"]);
    }

    [Fact]
    public async Task An_interface_is_found_by_any_of_its_names()
    {
        _lab.Node.Ip("link", "property", "add", "dev", "eth1", "altname", "enp0s31f6-of-the-second-network");
        var vip = Vip("198.51.100.80", new OnInterface("enp0s31f6-of-the-second-network"));
        var addresses = _lab.Start();
        await addresses.SetAsync(vip, default);
        Assert.Equal("eth1", Assert.Single(_lab.Seen("198.51.100.80")).Interface);
        Assert.Equal([vip], await addresses.ReadAsync(default));
    }

    [Fact]
    public async Task What_cannot_be_says_why()
    {
        var addresses = _lab.Start();
        async Task Refused(RaisedAddress vip, string why) =>
            Assert.Equal(
                why,
                (await Assert.ThrowsAsync<AddressException>(() => addresses.SetAsync(vip, default).AsTask())).Message
            );
        await Refused(Vip("198.51.100.1"), "no interface has a network that holds 198.51.100.1: give the vip 'on:'");
        await Refused(Vip("192.0.2.80", new OnInterface("eth7")), "there is no interface eth7");
        await Refused(Vip("192.0.2.2"), "192.0.2.2 stands on eth0 already, and is not ours");
        await Refused(Vip("192.0.2.2", new OnInterface("eth1")), "192.0.2.2 stands on eth0 already, and is not ours");
        await Refused(Vip("2001:db8::2/128"), "2001:db8::2 stands on eth0 already, and is not ours");
        _lab.Node.Ip("link", "set", "eth1", "down");
        Assert.Empty(await addresses.ReadAsync(default));
        await Refused(Vip("198.51.100.1", new OnInterface("eth1")), "interface eth1 is down");

        // What is not ours is neither told nor taken away.
        await addresses.RemoveAsync(Vip("192.0.2.2"), default);
        Assert.Single(_lab.Seen("192.0.2.2"));
    }

    [Theory]
    [InlineData("192.0.2.80/24")]
    [InlineData("2001:db8::80/64")]
    public async Task Another_run_takes_it_over_without_a_word(string address)
    {
        var wanted = Vip(address, lifetime: 600);
        await _lab.Start(runs: false).SetAsync(wanted, default);
        var next = _lab.Start(runs: false);
        var writes = _lab.Writes;

        // It is there, but not known to be just this.
        var found = Assert.Single(await next.ReadAsync(default));
        Assert.Equal(wanted.Key, found.Key);
        Assert.NotEqual(wanted, found);
        await next.SetAsync(wanted, default);
        Assert.Equal([wanted], await next.ReadAsync(default));

        Assert.Equal(writes, _lab.Writes);
    }

    [Fact]
    public async Task An_orphan_of_another_run_is_listed_and_removed()
    {
        await _lab.Start(runs: false).SetAsync(Vip("192.0.2.80"), default);
        await _lab.Start(runs: false).SetAsync(Vip("2001:db8::80", lifetime: 900), default);
        var next = _lab.Start();
        foreach (var orphan in await next.ReadAsync(default))
        {
            await next.RemoveAsync(orphan, default);
        }

        Assert.Empty(_lab.Seen("192.0.2.80"));
        Assert.Empty(_lab.Seen("2001:db8::80"));
    }

    [Theory]
    [InlineData("192.0.2.80", "192.0.2.80/24")]
    [InlineData("192.0.2.80/24", "192.0.2.80")]
    [InlineData("2001:db8::80", "2001:db8::80/64")]
    [InlineData("2001:db8::80/64", "2001:db8::80")]
    public async Task It_is_changed_into_another_length(string before, string after)
    {
        var addresses = _lab.Start();
        await addresses.SetAsync(Vip(before), default);
        await addresses.SetAsync(Vip(after), default);
        Assert.Equal([Vip(after)], await addresses.ReadAsync(default));
        var (_, seen) = Assert.Single(_lab.Seen(Vip(after).Key.ToString()));
        Assert.Equal(Vip(after).Address.Length, (int)seen["prefixlen"]!);
    }

    [Theory]
    [InlineData("192.0.2.80")]
    [InlineData("2001:db8::80")]
    public async Task It_moves_to_another_interface_and_to_none(string address)
    {
        var addresses = _lab.Start();
        await addresses.SetAsync(Vip(address), default);
        await addresses.SetAsync(Vip(address, new OnInterface("eth1")), default);
        Assert.Equal("eth1", Assert.Single(_lab.Seen(address)).Interface);
        await addresses.SetAsync(Vip(address, new NoPlace()), default);
        Assert.Empty(_lab.Seen(address));
        Assert.Equal([Vip(address, new NoPlace())], await addresses.ReadAsync(default));
        await addresses.RemoveAsync(Vip(address, new NoPlace()), default);
        Assert.Empty(await addresses.ReadAsync(default));
    }

    [Theory]
    [InlineData("192.0.2.80/24")]
    [InlineData("2001:db8::80/64")]
    public async Task Who_is_silent_loses_it(string address)
    {
        await _lab.Start(runs: false).SetAsync(Vip(address, lifetime: 1), default);
        Assert.Single(_lab.Seen(address.Split('/')[0]));
        await Wait.Until(() => _lab.Seen(address.Split('/')[0]).Count == 0, "the kernel to drop the address");
        Assert.Single(_lab.Seen("192.0.2.2"));
    }

    [Theory]
    [InlineData("192.0.2.80/24")]
    [InlineData("2001:db8::80/64")]
    public async Task It_is_renewed_after_a_third_of_its_lifetime(string address)
    {
        var time = new ManualTimeProvider();
        var addresses = _lab.Start(time);
        await addresses.SetAsync(Vip(address, lifetime: 900), default);
        var key = address.Split('/')[0];
        // As if time had passed.
        var seen = Assert.Single(await _lab.Net().Addresses.ListAsync(), one => one.Address.ToString() == key);
        await _lab.Net()
            .Addresses.ReplaceAsync(seen with { ValidFor = TimeSpan.FromSeconds(610), PreferredFor = TimeSpan.Zero });
        Assert.InRange(Left(key), 600, 610);
        time.Advance(TimeSpan.FromSeconds(295));
        Assert.InRange(Left(key), 600, 610);
        time.Advance(TimeSpan.FromSeconds(6));
        await Wait.Until(() => Left(key) > 850, "the lifetime to be renewed");
        Assert.Equal([Vip(address, lifetime: 900)], await addresses.ReadAsync(default));
    }

    [Fact]
    public async Task The_first_of_a_network_takes_nobody_with_it()
    {
        var addresses = _lab.Start();
        _lab.Node.Sysctl("net.ipv4.conf.eth1.promote_secondaries", "0");
        var vip = Vip("198.51.100.80/24", new OnInterface("eth1"));
        await addresses.SetAsync(vip, default);
        _lab.Node.Ip("address", "add", "198.51.100.2/24", "dev", "eth1");
        await addresses.RemoveAsync(vip, default);
        Assert.Single(_lab.Seen("198.51.100.2"));
    }

    private int Left(string address) => (int)Assert.Single(_lab.Seen(address)).Address["valid_life_time"]!;
}
