using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Neighbors;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class NeighborTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("2001:db8::9")]
    public async Task A_neighbor_is_added_replaced_and_deleted(string address)
    {
        var neighbor = new Neighbor
        {
            Interface = _lab.Left,
            Address = IPAddress.Parse(address),
            HardwareAddress = PhysicalAddress.Parse("02-00-00-00-00-09"),
            State = NeighborState.Permanent,
            Protocol = 0x42,
        };
        await _lab.Net.Neighbors.AddAsync(neighbor);
        var seen = Assert.Single(Seen(), one => (string?)one!["dst"] == address)!;
        Assert.Equal(("02:00:00:00:00:09", "left"), ((string?)seen["lladdr"], (string?)seen["dev"]));
        Assert.Equal(["PERMANENT"], seen["state"]!.AsArray().Select(state => (string?)state));
        Assert.Contains(neighbor, await _lab.Net.Neighbors.ListAsync());
        var exception = await Assert.ThrowsAsync<NetlinkException>(() => _lab.Net.Neighbors.AddAsync(neighbor));
        Assert.Equal(Errno.Exists, exception.Error);

        var moved = neighbor with { HardwareAddress = PhysicalAddress.Parse("02-00-00-00-00-10") };
        await _lab.Net.Neighbors.ReplaceAsync(moved);
        Assert.Contains(moved, await _lab.Net.Neighbors.ListAsync());
        await _lab.Net.Neighbors.DeleteAsync(moved);
        Assert.DoesNotContain(Seen(), one => (string?)one!["dst"] == address);
    }

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("2001:db8::9")]
    public async Task An_address_is_answered_for(string address)
    {
        var proxy = new Neighbor
        {
            Interface = _lab.Left,
            Address = IPAddress.Parse(address),
            Flags = NeighborFlags.Proxy,
        };
        await _lab.Net.Neighbors.AddAsync(proxy);
        Assert.Contains(_lab.Ip("neigh", "show", "proxy"), one => (string?)one!["dst"] == address);
        var listed = Assert.Single(await _lab.Net.Neighbors.ListProxiesAsync());
        Assert.Equal((proxy.Address, proxy.Interface), (listed.Address, listed.Interface));
        Assert.True(listed.Flags.HasFlag(NeighborFlags.Proxy));
        Assert.DoesNotContain(await _lab.Net.Neighbors.ListAsync(), one => one.Address.Equals(proxy.Address));
        await _lab.Net.Neighbors.DeleteAsync(proxy);
        Assert.Empty(await _lab.Net.Neighbors.ListProxiesAsync());
    }

    private JsonArray Seen() => _lab.Ip("neigh", "show");
}
