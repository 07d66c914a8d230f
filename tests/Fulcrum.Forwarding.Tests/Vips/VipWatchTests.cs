using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Vips;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using static Fulcrum.Forwarding.Tests.Vips.VipLab;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>What others do to the node's network is told at once, and what takes time is waited for.</summary>
public sealed class VipWatchTests : IDisposable
{
    private readonly VipLab _lab = new();
    private int _told;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.80")]
    [InlineData("2001:db8::80")]
    public async Task Removal_by_hand_is_told(string address)
    {
        var addresses = await StartAsync();
        await addresses.SetAsync(Vip(address), default);
        await ToldAfter(() => _lab.Node.Ip("address", "del", address, "dev", "eth0"));
        Assert.Empty(await addresses.ReadAsync(default));
        await addresses.SetAsync(Vip(address), default);
        Assert.Single(_lab.Seen(address));
    }

    [Fact]
    public async Task An_interface_that_comes_and_one_that_is_renamed_are_told()
    {
        var addresses = await StartAsync();
        var vip = Vip("198.51.100.80", new OnInterface("wan"));
        await Assert.ThrowsAsync<AddressException>(() => addresses.SetAsync(vip, default).AsTask());
        await ToldAfter(() => _lab.Node.Ip("link", "set", "eth1", "name", "wan"));
        await addresses.SetAsync(vip, default);
        Assert.Equal([vip], await addresses.ReadAsync(default));
        await ToldAfter(() => _lab.Node.Ip("link", "set", "wan", "name", "lan"));
        Assert.NotEqual([vip], await addresses.ReadAsync(default));
        await ToldAfter(() => _lab.Node.Ip("link", "del", "lan"));
        Assert.Empty(await addresses.ReadAsync(default));
        await ToldAfter(() =>
        {
            _lab.Node.Ip("link", "add", "name", "wan", "type", "veth", "peer", "name", "elsewhere");
            _lab.Node.Ip("link", "set", "elsewhere", "up");
            _lab.Node.Ip("link", "set", "wan", "up");
        });
        await addresses.SetAsync(vip, default);
        Assert.Equal("wan", Assert.Single(_lab.Seen("198.51.100.80")).Interface);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(600.0)]
    public async Task Where_nobody_else_may_have_it_the_link_is_asked(double? lifetime)
    {
        var addresses = await StartAsync();
        var vip = Vip("2001:db8::80", lifetime: lifetime, isShared: false);
        var told = Volatile.Read(ref _told);
        await Assert.ThrowsAsync<StillComingException>(() => addresses.SetAsync(vip, default).AsTask());
        Assert.Empty(await addresses.ReadAsync(default));
        await ToldUntil(told, async () => (await addresses.ReadAsync(default)).Contains(vip), "nobody has the address");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(600.0)]
    public async Task One_that_another_machine_has_is_an_error_until_it_lets_go(double? lifetime)
    {
        _lab.Neighbor.Ip("address", "add", "2001:db8::80/64", "dev", "eth0", "nodad");
        var addresses = await StartAsync();
        var vip = Vip("2001:db8::80", lifetime: lifetime, isShared: false);
        var told = Volatile.Read(ref _told);
        await Assert.ThrowsAsync<StillComingException>(() => addresses.SetAsync(vip, default).AsTask());
        var error = "";
        async Task<bool> IsRefused()
        {
            Assert.Empty(await addresses.ReadAsync(default));
            error = (await Assert.ThrowsAnyAsync<Exception>(() => addresses.SetAsync(vip, default).AsTask())).Message;
            return !error.Contains("is asked", StringComparison.Ordinal);
        }

        await ToldUntil(told, IsRefused, "somebody has the address");
        Assert.Equal("another machine on eth0 has 2001:db8::80", error);

        _lab.Neighbor.Ip("address", "del", "2001:db8::80/64", "dev", "eth0");
        told = Volatile.Read(ref _told);
        await Assert.ThrowsAsync<StillComingException>(() => addresses.SetAsync(vip, default).AsTask());
        await ToldUntil(told, async () => (await addresses.ReadAsync(default)).Contains(vip), "nobody has the address");
    }

    // The first word is that it watches.
    private async Task<VipAddresses> StartAsync()
    {
        var addresses = _lab.Start(runs: false);
        addresses.Tell(() => Interlocked.Increment(ref _told));
        _lab.Run(addresses);
        await Wait.Until(() => Volatile.Read(ref _told) > 0, "the watch to begin");
        return addresses;
    }

    /// <summary>Looks whenever it is told to, and only then.</summary>
    private async Task ToldUntil(int told, Func<Task<bool>> condition, string what)
    {
        do
        {
            await Wait.Until(() => Volatile.Read(ref _told) > told, $"word that {what}");
            told = Volatile.Read(ref _told);
        } while (!await condition());
    }

    private async Task ToldAfter(Action change)
    {
        var before = Volatile.Read(ref _told);
        change();
        await Wait.Until(() => Volatile.Read(ref _told) > before, "the adapter to tell of the change");
    }
}
