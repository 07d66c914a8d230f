using System.Text;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Udp;

namespace Fulcrum.Proxy.Tests.Udp;

public sealed class EncodedNamesTests
{
    [Theory]
    [InlineData("/run/app.sock")]
    [InlineData("@name")]
    [InlineData("@")]
    [InlineData("@00a1f")]
    [InlineData("relative")]
    [InlineData("/größe")]
    public void A_name_is_the_same_when_it_is_written_again(string path)
    {
        var name = Encode(SocketAddress.Unix(path));
        Assert.Equal(SocketAddress.Unix(path), EncodedNames.Decode(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100")]
    [InlineData("01002F612F00C328")]
    [InlineData("010000C328")]
    [InlineData("02000035")]
    public void What_is_no_text_is_nobodys(string hexadecimal) =>
        Assert.Equal(SocketAddress.AnyUnix, EncodedNames.Decode(Convert.FromHexString(hexadecimal)));

    /// <summary>Clients choose their names: whatever they are, one is known by its own or is nobody.</summary>
    [Fact]
    public void Whatever_a_client_is_called_nobody_else_is_called_so()
    {
        var random = new Random(1);
        byte[][] pieces = [.. "/@aü\ufffd\0".Select(letter => Encoding.UTF8.GetBytes($"{letter}")), [0xC3]];
        var owners = new Dictionary<SocketAddress, string>();
        for (var count = 0; count < 100_000; count++)
        {
            byte[] name = [1, 0, .. random.GetItems(pieces, random.Next(8)).SelectMany(piece => piece)];
            var address = EncodedNames.Decode(name);
            if (address != SocketAddress.AnyUnix)
            {
                Assert.Equal(name, Encode(address));
                var owner = Convert.ToHexString(name);
                Assert.True(owners.TryAdd(address, owner) || owners[address] == owner, owner);
            }
        }
        Assert.InRange(owners.Count, 100, 100_000);
    }

    [Fact]
    public void Names_are_found_by_their_octets()
    {
        var names = new Dictionary<byte[], int>(EncodedNames.Comparer) { [[1, 0, 47]] = 1 };
        var lookup = names.GetAlternateLookup<ReadOnlySpan<byte>>();
        Assert.True(lookup.TryGetValue([1, 0, 47], out var found));
        Assert.Equal(1, found);
        Assert.False(lookup.ContainsKey([1, 0]));
        lookup[[1, 0]] = 2;
        Assert.Equal(2, names[[1, 0]]);
        Assert.True(lookup.Remove([1, 0, 47]));
        Assert.Single(names);
    }

    private static byte[] Encode(SocketAddress address)
    {
        Span<byte> name = stackalloc byte[SocketAddress.MaxLength + 1];
        return name[..address.Encode(name)].ToArray();
    }
}
