using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Tests.Hashing;

public sealed class ClientHashTests
{
    private static readonly ClientHash Networks = new() { PrefixV4 = 24, PrefixV6 = 64 };

    [Fact]
    public void An_address_and_its_v4_mapped_form_are_one_client() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<uint>(),
                ArbMap.Default.ArbFor<ushort>(),
                Gen.Choose(0, 32).ToArbitrary(),
                (bits, port, prefix) =>
                {
                    var address = new IPAddress(bits);
                    var hash = new ClientHash { PrefixV4 = prefix, Seed = port };
                    var (v4, mapped) = (address.GetAddressBytes(), address.MapToIPv6().GetAddressBytes());
                    return hash.Of(v4) == hash.Of(mapped) && hash.Of(v4, port) == hash.Of(mapped, port);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254", true)]
    [InlineData("192.0.2.1", "192.0.3.1", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:0:0:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.77", true)]
    public void A_prefix_keeps_a_network_together(string one, string other, bool together)
    {
        Assert.Equal(together, Of(Networks, one) == Of(Networks, other));
        Assert.NotEqual(Of(ClientHash.Default, one), Of(ClientHash.Default, other));
    }

    [Fact]
    public void No_two_clients_of_a_quarter_of_a_million_collide()
    {
        var hashes = Enumerable.Range(0, 1 << 18).Select(Sample.Client).ToHashSet();
        Assert.Equal(1 << 18, hashes.Count);
    }

    [Fact]
    public void Port_and_seed_make_a_difference()
    {
        byte[] address = [192, 0, 2, 1];
        var seeded = new ClientHash { Seed = 1 };
        ulong[] hashes =
        [
            ClientHash.Default.Of(address),
            ClientHash.Default.Of(address, 0),
            ClientHash.Default.Of(address, 80),
            seeded.Of(address),
            seeded.Of(address, 80),
        ];
        Assert.Distinct(hashes);
    }

    [Theory]
    [InlineData(33, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 129)]
    [InlineData(0, -1)]
    public void Prefixes_have_bounds(int v4, int v6) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClientHash { PrefixV4 = v4, PrefixV6 = v6 });

    /// <summary>Nodes of different versions share clients: these must never change.</summary>
    [Fact]
    public void Hashes_are_the_same_in_every_version()
    {
        Assert.Equal(16153547524898408714UL, Of(ClientHash.Default, "192.0.2.1"));
        Assert.Equal(5647607064157550857UL, ClientHash.Default.Of([192, 0, 2, 1], 443));
        Assert.Equal(5157643541567446906UL, Of(Networks, "192.0.2.1"));
        Assert.Equal(5301019430209374060UL, Of(ClientHash.Default, "2001:db8::1"));
        Assert.Equal(7386244754280163271UL, Of(Networks with { Seed = 42 }, "2001:db8::1"));
        Assert.Equal(11835467737328078506UL, ClientHash.Default.Of("/run/fulcrum/client.sock"u8));
        Assert.Equal(16657018200766289104UL, StableHash.Of(""));
        Assert.Equal(12093450339337984784UL, StableHash.Of("10.0.0.1:80"));
        Assert.Equal(11582653248863185607UL, StableHash.Of("10.0.0.1:80", seed: 42));
    }

    private static ulong Of(ClientHash hash, string address) => hash.Of(IPAddress.Parse(address).GetAddressBytes());
}
