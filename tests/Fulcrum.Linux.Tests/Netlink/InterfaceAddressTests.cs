using System.Net;
using System.Text.Json.Nodes;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class InterfaceAddressTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.7", 24)]
    [InlineData("2001:db8::7", 64)]
    public async Task An_address_is_added_listed_and_deleted(string text, int prefix)
    {
        var address = Address(text, prefix);
        await _lab.Net.Addresses.AddAsync(address);
        Assert.Equal(prefix, (int)Seen(text)!["prefixlen"]!);
        var listed = Assert.Single(await _lab.Net.Addresses.ListAsync(), one => one.Address.Equals(address.Address));
        Assert.Equal((_lab.Left, prefix), (listed.Interface, listed.PrefixLength));
        Assert.Equal((null, null), (listed.ValidFor, listed.PreferredFor));
        Assert.True(listed.Flags.HasFlag(InterfaceAddressFlags.Permanent));
        await _lab.Net.Addresses.DeleteAsync(address);
        Assert.Null(Seen(text));
    }

    [Theory]
    [InlineData("192.0.2.7", 32)]
    [InlineData("2001:db8::7", 128)]
    public async Task An_address_has_what_it_was_given(string text, int prefix)
    {
        var address = Address(text, prefix) with
        {
            Flags = InterfaceAddressFlags.NoPrefixRoute | InterfaceAddressFlags.NoDuplicateDetection,
            ValidFor = TimeSpan.FromSeconds(3000),
            PreferredFor = TimeSpan.FromSeconds(2000),
            Label = prefix == 32 ? "left:vip" : null,
            Protocol = 0x42,
        };
        await _lab.Net.Addresses.AddAsync(address);
        var seen = Seen(text)!;
        Assert.True((bool)seen["noprefixroute"]!);
        Assert.InRange((int)seen["valid_life_time"]!, 2900, 3000);
        Assert.InRange((int)seen["preferred_life_time"]!, 1900, 2000);
        Assert.Equal(address.Label, (string?)seen["label"]);
        var listed = Assert.Single(await _lab.Net.Addresses.ListAsync(), one => one.Address.Equals(address.Address));
        Assert.Equal(address.Label, listed.Label);
        Assert.Equal(address.Protocol, listed.Protocol);
        Assert.InRange(listed.ValidFor!.Value.TotalSeconds, 2900, 3000);
        Assert.InRange(listed.PreferredFor!.Value.TotalSeconds, 1900, 2000);

        // It is renewed, and then kept for ever.
        await _lab.Net.Addresses.ReplaceAsync(address with { ValidFor = TimeSpan.FromSeconds(9000) });
        Assert.InRange((int)Seen(text)!["valid_life_time"]!, 8900, 9000);
        await _lab.Net.Addresses.ReplaceAsync(address with { ValidFor = null, PreferredFor = null });
        Assert.Equal(uint.MaxValue, (uint)Seen(text)!["valid_life_time"]!);
    }

    [Fact]
    public async Task A_link_between_two_has_another_end()
    {
        var address = Address("192.0.2.7", 32) with { Peer = IPAddress.Parse("192.0.2.9") };
        await _lab.Net.Addresses.AddAsync(address);
        Assert.Equal("192.0.2.9", (string?)Seen("192.0.2.7")!["address"]);
        var listed = Assert.Single(await _lab.Net.Addresses.ListAsync(), one => one.Peer is not null);
        Assert.Equal((address.Address, address.Peer), (listed.Address, listed.Peer));
    }

    [Fact]
    public async Task What_is_there_is_refused_with_its_number()
    {
        var address = Address("192.0.2.7", 24);
        await _lab.Net.Addresses.AddAsync(address);
        var exception = await Assert.ThrowsAsync<NetlinkException>(() => _lab.Net.Addresses.AddAsync(address));
        Assert.Equal(Errno.Exists, exception.Error);
        Assert.StartsWith($"add address 192.0.2.7/24 on interface {_lab.Left}: ", exception.Message);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Addresses.AddAsync(
                Address("2001:db8::1", 64) with
                {
                    ValidFor = TimeSpan.FromSeconds(1),
                    PreferredFor = TimeSpan.FromSeconds(2),
                }
            )
        );
        Assert.Equal(Errno.InvalidArgument, exception.Error);
        exception = await Assert.ThrowsAsync<NetlinkException>(() =>
            _lab.Net.Addresses.AddAsync(Address("192.0.2.7", 24) with { Interface = 4711 })
        );
        Assert.Equal(Errno.NoDevice, exception.Error);
    }

    [Fact]
    public async Task Many_are_added_and_deleted_at_once_and_each_tells_how_it_fared()
    {
        const int Count = 2000;
        var addresses = Enumerable.Range(0, Count).Select(i => Address($"10.{i / 250}.{i % 250}.1", 32)).ToArray();
        await _lab.Net.Addresses.AddAsync(addresses[1000]);
        var start = TimeProvider.System.GetTimestamp();
        var outcome = await _lab.Net.Addresses.AddAsync(addresses);
        var took = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Count} addresses in {took.TotalMilliseconds:0} ms");
        Assert.Equal(Count, outcome.Length);
        Assert.Equal(Errno.Exists, outcome[1000]!.Error);
        Assert.Single(outcome, error => error is not null);
        Assert.Equal(Count, Standing("inet"));
        Assert.Equal(Count, (await _lab.Net.Addresses.ListAsync()).Count(one => one.PrefixLength == 32));
        Assert.All(await _lab.Net.Addresses.DeleteAsync(addresses), Assert.Null);
        Assert.Equal(0, Standing("inet"));
    }

    private int Standing(string family) => Infos().Count(one => (string?)one!["family"] == family);

    private JsonArray Infos() => _lab.Ip("addr", "show", "dev", "left")[0]!["addr_info"]!.AsArray();

    private JsonNode? Seen(string address) =>
        Infos().SingleOrDefault(one => one is JsonObject && (string?)one["local"] == address);

    private InterfaceAddress Address(string address, int prefix) =>
        new()
        {
            Interface = _lab.Left,
            Address = IPAddress.Parse(address),
            PrefixLength = prefix,
        };
}
