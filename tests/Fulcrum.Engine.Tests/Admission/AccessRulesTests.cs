using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Admission;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData("", "", "192.0.2.1", true, null)]
    [InlineData("10.0.0.0/8", "", "10.1.2.3", true, "10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "", "11.1.2.3", false, null)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", false, "10.1.0.0/16")]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", "10.1.2.3", true, "10.1.0.0/16")]
    [InlineData("10.1.2.3/32", "10.1.0.0/16", "10.1.2.3", true, "10.1.2.3/32")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "10.1.2.3", false, "10.0.0.0/8")]
    [InlineData("", "10.0.0.0/8", "11.1.2.3", true, null)]
    [InlineData("", "0.0.0.0/0", "2001:db8::1", true, null)]
    [InlineData("", "::/0", "2001:db8::1", false, "::/0")]
    [InlineData("", "::/0", "192.0.2.1", true, null)]
    // A v4-mapped address is an IPv4 address, whichever side writes it so.
    [InlineData("10.0.0.0/8", "", "::ffff:10.1.2.3", true, "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.0/104", "", "10.1.2.3", true, "::ffff:10.0.0.0/104")]
    [InlineData("", "::ffff:0:0/96", "10.1.2.3", false, "::ffff:0.0.0.0/96")]
    public void The_most_specific_prefix_decides_and_is_named(
        string allow,
        string deny,
        string client,
        bool admitted,
        string? decides
    )
    {
        var rules = new AccessRules(new() { Allow = Networks(allow), Deny = Networks(deny) });
        var bits = AddressBits.Of(IPAddress.Parse(client));
        Assert.Equal(admitted, rules.Admits(bits));
        Assert.Equal(decides is null ? null : IPNetwork.Parse(decides), rules.RuleFor(bits)?.Prefix);
    }

    [Fact]
    public void It_decides_as_a_look_at_every_prefix_does()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 300; round++)
        {
            var client = new ClientRules { Allow = Networks(random), Deny = Networks(random) };
            var rules = new AccessRules(client);
            for (var i = 0; i < 30; i++)
            {
                var address = Address(random);
                Assert.Equal(Expected(client, address), rules.Admits(AddressBits.Of(address)));
            }
        }
    }

    private static bool Expected(ClientRules rules, IPAddress client)
    {
        var longest = -1;
        var admitted = rules.Allow.IsEmpty;
        foreach (
            var (network, admits) in rules
                .Allow.Select(network => (network, true))
                .Concat(rules.Deny.Select(n => (n, false)))
        )
        {
            // Of equal lengths the later one, from the deny list, decides.
            if (network.Contains(client) && network.PrefixLength >= longest)
            {
                (longest, admitted) = (network.PrefixLength, admits);
            }
        }

        return admitted;
    }

    private static Items<IPNetwork> Networks(string text) => text.Length == 0 ? [] : [IPNetwork.Parse(text)];

    private static Items<IPNetwork> Networks(Random random) =>
        Items.From(
            Enumerable
                .Range(0, random.Next(5))
                .Select(_ =>
                {
                    var address = Address(random);
                    var bits = InterfaceAddress.BitsOf(address);
                    var length = random.Next(bits + 1);
                    return new IPNetwork(Masked(address, length), length);
                })
        );

    // Few different bits, so that prefixes hold clients and each other.
    private static IPAddress Address(Random random)
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        bytes[0] = 0x20;
        bytes[1] = (byte)(random.Next(4) << 6);
        bytes[^1] = (byte)random.Next(4);
        return new(bytes);
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(bytes);
    }
}
