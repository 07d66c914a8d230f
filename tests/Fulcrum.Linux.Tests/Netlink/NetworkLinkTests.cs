using System.Net.NetworkInformation;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class NetworkLinkTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_pair_is_made_found_and_deleted()
    {
        await _lab.Net.Links.AddAsync(
            new NetworkLink
            {
                Name = "one",
                Kind = new VethKind("other"),
                Mtu = 1400,
                HardwareAddress = PhysicalAddress.Parse("02-00-00-00-00-01"),
            }
        );
        var seen = _lab.Ip("link", "show", "one")[0]!;
        Assert.Equal("veth", (string?)seen["linkinfo"]!["info_kind"]);
        Assert.Equal("other", (string?)seen["link"]);
        Assert.Equal((1400, "02:00:00:00:00:01"), ((int)seen["mtu"]!, (string?)seen["address"]));

        var one = await _lab.Net.Links.FindAsync("one");
        var other = await _lab.Net.Links.FindAsync("other");
        Assert.Equal((int)seen["ifindex"]!, one!.Index);
        Assert.Equal((other!.Index, one.Index), (one.Parent, other.Parent));
        Assert.Equal((1400u, new VethKind()), (one.Mtu, one.Kind));
        Assert.Equal(PhysicalAddress.Parse("02-00-00-00-00-01"), one.HardwareAddress);
        Assert.False(one.IsUp);
        Assert.Contains(one, await _lab.Net.Links.ListAsync());

        await _lab.Net.Links.DeleteAsync(one);
        Assert.Null(await _lab.Net.Links.FindAsync("one"));
        Assert.Null(await _lab.Net.Links.FindAsync("other"));
    }

    [Fact]
    public async Task A_link_is_changed()
    {
        await _lab.Net.Links.AddAsync(new NetworkLink { Name = "switch", Kind = new BridgeKind() });
        var bridge = (await _lab.Net.Links.FindAsync("switch"))!;
        Assert.Equal(new BridgeKind(), bridge.Kind);
        await _lab.Net.Links.ChangeAsync(_lab.Left, new LinkChange { Master = bridge.Index, Mtu = 1300 });
        Assert.Equal("switch", (string?)Left()["master"]);
        Assert.Equal(1300, (int)Left()["mtu"]!);
        Assert.Equal("UP", (string?)Left()["operstate"]);
        var left = (await _lab.Net.Links.FindAsync("left"))!;
        Assert.Equal((bridge.Index, 1300u, true, LinkState.Up), (left.Master, left.Mtu, left.IsUp, left.State));

        await _lab.Net.Links.ChangeAsync(_lab.Left, new LinkChange { Master = 0, IsUp = false });
        Assert.Null((string?)Left()["master"]);
        Assert.Equal("DOWN", (string?)Left()["operstate"]);
        Assert.False((await _lab.Net.Links.FindAsync("left"))!.IsUp);

        var hardware = PhysicalAddress.Parse("02-00-00-00-00-99");
        await _lab.Net.Links.ChangeAsync(_lab.Left, new LinkChange { Name = "west", HardwareAddress = hardware });
        Assert.Null(await _lab.Net.Links.FindAsync("left"));
        Assert.Equal(hardware, (await _lab.Net.Links.FindAsync("west"))!.HardwareAddress);
        await _lab.Net.Links.ChangeAsync(_lab.Left, new LinkChange { IsUp = true });
        Assert.True((await _lab.Net.Links.FindAsync("west"))!.IsUp);
    }

    [Fact]
    public async Task A_link_is_known_by_other_names()
    {
        string[] names = ["towards-the-rack-switch", "uplink"];
        await _lab.Net.Links.AddNamesAsync(_lab.Left, names);
        Assert.Equal(names, Left()["altnames"]!.AsArray().Select(name => (string?)name));
        foreach (var name in names)
        {
            Assert.Equal(_lab.Left, (await _lab.Net.Links.FindAsync(name))!.Index);
        }

        await _lab.Net.Links.DeleteNamesAsync(_lab.Left, ["uplink"]);
        Assert.Equal([names[0]], (await _lab.Net.Links.FindAsync("left"))!.AlternativeNames);
    }

    [Fact]
    public async Task What_is_not_there_or_there_already_is_refused()
    {
        Assert.Null(await _lab.Net.Links.FindAsync("nothing"));
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Links.AddAsync(new NetworkLink { Name = "left", Kind = new BridgeKind() })
        );
        Assert.Equal((Errno.Exists, "add link left (bridge): File exists (17)"), (exception.Error, exception.Message));
        exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Links.AddAsync(new NetworkLink { Name = "new", Kind = new OtherKind("nonsense") })
        );
        Assert.Equal((Errno.NotSupported, "Unknown device type"), (exception.Error, exception.Reason.Text));
        // It names the attribute: the first, behind the header and the link's own.
        exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Links.AddAsync(new NetworkLink { Name = "name-of-17-bytes!", Kind = new BridgeKind() })
        );
        Assert.Equal(32, exception.Reason.Offset);
        exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Links.ChangeAsync(4711, new LinkChange { IsUp = true })
        );
        Assert.Equal(Errno.NoDevice, exception.Error);
        exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Links.ChangeAsync(_lab.Left, new LinkChange { Mtu = 1_000_000 })
        );
        Assert.Equal("mtu greater than device maximum", exception.Reason.Text);
    }

    [Fact]
    [InGuest]
    public async Task Kinds_that_stand_on_another_link_have_what_is_theirs()
    {
        LinkKind[] kinds =
        [
            new VlanKind(7),
            new VlanKind(4094, IsService: true),
            new MacvlanKind(MacvlanMode.Bridge),
            new MacvlanKind(MacvlanMode.Private),
        ];
        foreach (var (index, kind) in kinds.Index())
        {
            await AddOrSkip(
                new NetworkLink
                {
                    Name = $"on{index}",
                    Kind = kind,
                    Parent = _lab.Left,
                }
            );
            var made = (await _lab.Net.Links.FindAsync($"on{index}"))!;
            Assert.Equal((kind, _lab.Left), (made.Kind, made.Parent));
            var seen = _lab.Ip("link", "show", $"on{index}")[0]!;
            Assert.Equal("left", (string?)seen["link"]);
            var data = seen["linkinfo"]!["info_data"]!;
            switch (kind)
            {
                case VlanKind vlan:
                    Assert.Equal((int)vlan.Id, (int)data["id"]!);
                    Assert.Equal(vlan.IsService ? "802.1ad" : "802.1Q", (string?)data["protocol"]);
                    break;
                case MacvlanKind macvlan:
                    Assert.Equal($"{macvlan.Mode}", (string?)data["mode"], ignoreCase: true);
                    break;
            }
        }
    }

    [Fact]
    [InGuest]
    public async Task A_dummy_is_up_as_it_is_made()
    {
        await AddOrSkip(
            new NetworkLink
            {
                Name = "vips",
                Kind = new DummyKind(),
                Flags = LinkFlags.Up,
            }
        );
        var made = (await _lab.Net.Links.FindAsync("vips"))!;
        Assert.Equal((new DummyKind(), true), (made.Kind, made.IsUp));
        Assert.Equal("dummy", (string?)_lab.Ip("link", "show", "vips")[0]!["linkinfo"]!["info_kind"]);
    }

    private async Task AddOrSkip(NetworkLink link)
    {
        var isKnown = true;
        try
        {
            await _lab.Net.Links.AddAsync(link);
        }
        catch (NetlinkException exception) when (exception.Reason.Text == "Unknown device type")
        {
            isKnown = false;
        }

        Require.Kernel($"links of the kind {link.Kind!.Name}", () => isKnown);
    }

    private System.Text.Json.Nodes.JsonNode Left() => _lab.Ip("link", "show", "left")[0]!;
}
