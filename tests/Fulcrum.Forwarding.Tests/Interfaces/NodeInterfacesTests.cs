using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Tests.Vips;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Interfaces;

public sealed class NodeInterfacesTests : IDisposable
{
    private readonly VipLab _lab = new();
    private readonly NodeInterfaces _interfaces;

    public NodeInterfacesTests() => _interfaces = new(_lab.Net(), TimeProvider.System);

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Addresses_are_kept_on_an_interface_that_is_there()
    {
        var wanted = Named("eth1", "198.51.100.2/24", "2001:db8:1::2/64");
        await SetAsync(wanted);
        Assert.Equal([wanted], await _interfaces.ReadAsync(default));
        var less = Named("eth1", "198.51.100.2/24");
        await SetAsync(less);
        Assert.Empty(_lab.Seen("2001:db8:1::2"));
        Assert.Equal([less], await _interfaces.ReadAsync(default));

        // What another run left is told as it is, and taken away; the interface stays.
        var next = new NodeInterfaces(_lab.Net(), TimeProvider.System);
        Assert.Equal([less], await next.ReadAsync(default));
        await next.RemoveAsync(less, default);
        Assert.Empty(_lab.Seen("198.51.100.2"));
        Assert.Single(_lab.Json("link", "show", "eth1"));
        Assert.Empty(await next.ReadAsync(default));
    }

    [Fact]
    public async Task What_is_there_as_it_is_wanted_is_not_taken_away()
    {
        var wanted = Named("eth0", "192.0.2.2/24");
        var writes = _lab.Writes;
        await SetAsync(wanted);
        Assert.Equal([wanted], await _interfaces.ReadAsync(default));
        await _interfaces.RemoveAsync(wanted, default);
        Assert.Equal(writes, _lab.Writes);
        Assert.Single(_lab.Seen("192.0.2.2"));
    }

    [Fact]
    public async Task An_address_that_another_machine_has_is_an_error()
    {
        _lab.Neighbor.Ip("address", "add", "2001:db8:1::2/64", "dev", "eth1", "nodad");
        var wanted = Named("eth1", "2001:db8:1::2/64");
        var error = "";
        await Wait.Until(
            async () => !(error = await RefusalOf(wanted)).Contains("is asked", StringComparison.Ordinal),
            "the kernel to have asked the link"
        );
        Assert.Equal("another machine on eth1 has 2001:db8:1::2", error);
    }

    [Fact]
    public async Task What_cannot_be_says_why()
    {
        Assert.Equal("there is no interface eth7", await RefusalOf(Named("eth7")));
        Assert.Equal("there is no interface eth7", await RefusalOf(Named("v") with { Vlan = 7, On = "eth7" }));
        Assert.Equal(
            "there is an interface eth0 already, and it is not ours",
            await RefusalOf(Named("eth0") with { Dummy = true })
        );
        Assert.Equal("fulcrum0 is the dummy of vips", await RefusalOf(Named("fulcrum0") with { Dummy = true }));
        _lab.Node.Ip("link", "set", "eth1", "down");
        Assert.Equal("interface eth1 is down", await RefusalOf(Named("v") with { Vlan = 7, On = "eth1" }));
    }

    [Theory]
    [InlineData("vlan")]
    [InlineData("macvlan")]
    [InlineData("dummy")]
    [InGuest]
    public async Task One_is_made_changed_adopted_and_removed(string kind)
    {
        var wanted = Made(kind, "own0", "198.51.100.2/24", "2001:db8:1::2/64");
        await SetAsync(wanted);
        Assert.Equal([wanted], await _interfaces.ReadAsync(default));
        var link = _lab.Json("link", "show", "own0")[0]!;
        Assert.Equal(kind, (string?)link["linkinfo"]!["info_kind"]);
        Assert.Equal(kind == "dummy" ? null : "eth1", (string?)link["link"]);
        Assert.Single(_lab.Seen("198.51.100.2"));
        Assert.Single(_lab.Seen("2001:db8:1::2"));

        // Another run finds it, and has nothing to do.
        var next = new NodeInterfaces(_lab.Net(), TimeProvider.System);
        var writes = _lab.Writes;
        await next.SetAsync(wanted, default);
        Assert.Equal(writes, _lab.Writes);

        // Somebody takes it away.
        _lab.Node.Ip("link", "del", "own0");
        Assert.Empty(await next.ReadAsync(default));
        await SetAsync(wanted);

        // It becomes another one of the same name.
        var other = Made(kind == "vlan" ? "dummy" : "vlan", "own0", "198.51.100.3/24");
        await SetAsync(other);
        Assert.Equal([other], await _interfaces.ReadAsync(default));
        Assert.Empty(_lab.Seen("198.51.100.2"));
        await _interfaces.RemoveAsync(other, default);
        Assert.DoesNotContain(_lab.Json("link", "show"), one => (string?)one!["ifname"] == "own0");
        Assert.Empty(await _interfaces.ReadAsync(default));
    }

    [Theory]
    [InlineData("vlan")]
    [InlineData("macvlan")]
    [InlineData("dummy")]
    [InGuest]
    public async Task Vips_stand_on_one_that_is_made(string kind)
    {
        await using var node = await VipNode.StartAsync(_lab);
        await node.ApplyAsync(
            [Made(kind, "own0", "198.51.100.2/24")],
            VipNode.Vip("four", "198.51.100.80", new OnInterface("own0")),
            VipNode.Vip("six", "2001:db8:1::80/64", new OnInterface("own0"))
        );
        await node.WhenAsync("198.51.100.80", ObjectCondition.Standing);
        await node.WhenAsync("2001:db8:1::80", ObjectCondition.Standing);
        await node.WhenAsync("own0", ObjectCondition.Standing);
        Assert.Equal("own0", Assert.Single(_lab.Seen("198.51.100.80")).Interface);
        Assert.Equal("own0", Assert.Single(_lab.Seen("2001:db8:1::80")).Interface);

        // It comes back with all that stood on it.
        _lab.Node.Ip("link", "del", "own0");
        await Wait.Until(
            () => _lab.Seen("198.51.100.80").Count == 1 && _lab.Seen("2001:db8:1::80").Count == 1,
            "the vips to come back"
        );
        await node.ApplyAsync();
        await Wait.Until(
            () => _lab.Json("link", "show").All(one => (string?)one!["ifname"] != "own0"),
            "the interface to go"
        );
    }

    private static Interface Named(string name, params string[] addresses) =>
        new() { Name = name, Addresses = [.. addresses.Select(address => VipLab.Vip(address).Address)] };

    private static Interface Made(string kind, string name, params string[] addresses) =>
        kind switch
        {
            "vlan" => Named(name, addresses) with { Vlan = 7, On = "eth1" },
            "macvlan" => Named(name, addresses) with { Macvlan = MacvlanKind.Bridge, On = "eth1" },
            _ => Named(name, addresses) with { Dummy = true },
        };

    /// <summary>Until it is as wanted: the kernel asks the link for a second or two.</summary>
    private Task SetAsync(Interface wanted) =>
        Wait.Until(
            async () =>
            {
                try
                {
                    await _interfaces.SetAsync(wanted, default);
                    return true;
                }
                catch (StillComingException)
                {
                    return false;
                }
            },
            $"{wanted.Name} to be as it is wanted"
        );

    private async Task<string> RefusalOf(Interface wanted) =>
        (await Assert.ThrowsAnyAsync<Exception>(() => _interfaces.SetAsync(wanted, default).AsTask())).Message;
}
