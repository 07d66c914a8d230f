using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using static Fulcrum.Forwarding.Tests.Vips.VipLab;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>Vips on the dummy that is ours.</summary>
public sealed class DummyTests : IDisposable
{
    private readonly VipLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    [InGuest]
    public async Task It_comes_with_the_first_and_goes_with_the_last()
    {
        var addresses = _lab.Start();
        var (one, other) = (Vip("203.0.113.80", new OnDummy()), Vip("2001:db8:53::80", new OnDummy(), 600));
        await addresses.SetAsync(one, default);
        await addresses.SetAsync(other, default);
        Assert.Equal("fulcrum0", Assert.Single(_lab.Seen("203.0.113.80")).Interface);
        Assert.Equal("fulcrum0", Assert.Single(_lab.Seen("2001:db8:53::80")).Interface);
        Assert.Equal(2, (await addresses.ReadAsync(default)).Count);

        // Another run takes both over.
        var next = _lab.Start();
        var writes = _lab.Writes;
        await next.SetAsync(one, default);
        await next.SetAsync(other, default);
        Assert.Equal(writes, _lab.Writes);

        await next.RemoveAsync(one, default);
        Assert.True(HasDummy());
        await next.RemoveAsync(other, default);
        Assert.False(HasDummy());
    }

    [Fact]
    [InGuest]
    public async Task One_of_that_name_that_is_not_ours_is_left_alone()
    {
        _lab.Node.Ip("link", "add", "fulcrum0", "type", "dummy");
        var vip = Vip("203.0.113.80", new OnDummy());
        var addresses = _lab.Start();
        var error = await Assert.ThrowsAsync<AddressException>(() => addresses.SetAsync(vip, default).AsTask());
        Assert.Equal("there is an interface fulcrum0 already, and it is not ours", error.Message);
        await addresses.RemoveAsync(vip, default);
        Assert.True(HasDummy());
    }

    [Fact]
    [InGuest]
    public async Task On_every_node_ARP_does_not_speak_of_it()
    {
        const string Ignore = "net/ipv4/conf/eth0/arp_ignore";
        const string Announce = "net/ipv4/conf/eth0/arp_announce";
        var vip = Vip("203.0.113.80", new OnDummy());
        var addresses = _lab.Start();
        await addresses.SetAsync(vip, default);
        // The active one of several nodes is to be found.
        Assert.Equal(("0", "0"), (_lab.Sysctl(Ignore), _lab.Sysctl(Announce)));

        vip = vip with { IsOnEveryNode = true };
        await addresses.SetAsync(vip, default);
        Assert.Equal(("1", "2"), (_lab.Sysctl(Ignore), _lab.Sysctl(Announce)));
        Assert.Equal([vip], await addresses.ReadAsync(default));

        // An interface speaks ARP from now on.
        _lab.Node.Ip("address", "add", "198.51.100.2/24", "dev", "eth1");
        Assert.NotEqual([vip], await addresses.ReadAsync(default));
        await addresses.SetAsync(vip, default);
        Assert.Equal("1", _lab.Sysctl(Ignore.Replace("eth0", "eth1")));

        await addresses.RemoveAsync(vip, default);
        Assert.Equal(("0", "0"), (_lab.Sysctl(Ignore), _lab.Sysctl(Announce)));
    }

    [Fact]
    [InGuest]
    public async Task Where_ARP_would_speak_of_it_it_does_not_stand()
    {
        _lab.HideSysctls();
        var vip = Vip("192.0.2.80", new OnDummy()) with { IsOnEveryNode = true };
        var addresses = _lab.Start();
        var error = await Assert.ThrowsAsync<AddressException>(() => addresses.SetAsync(vip, default).AsTask());
        Assert.Contains("net/ipv4/conf/eth0/arp_ignore is not there", error.Message, StringComparison.Ordinal);
        Assert.Empty(_lab.Seen("192.0.2.80"));
    }

    private bool HasDummy() => _lab.Json("link", "show").Any(link => (string?)link!["ifname"] == "fulcrum0");
}
