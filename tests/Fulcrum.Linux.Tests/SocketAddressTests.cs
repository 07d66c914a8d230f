using System.Net;
using FsCheck;
using FsCheck.Fluent;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Linux.Tests;

public sealed class SocketAddressTests
{
    [Fact]
    public void What_is_encoded_is_decoded()
    {
        Prop.ForAll<byte[], ushort, ushort>(
                (bytes, port, scope) =>
                {
                    foreach (var length in new[] { 4, 16 })
                    {
                        var raw = new byte[length];
                        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(raw);
                        var ip = length == 4 ? new IPAddress(raw) : new IPAddress(raw, scope);
                        var address = SocketAddress.From(ip, port);
                        var buffer = new byte[SocketAddress.MaxLength];
                        var decoded = SocketAddress.Decode(buffer.AsSpan(0, address.Encode(buffer)));
                        Assert.Equal(address, decoded);
                        Assert.Equal(address.GetHashCode(), decoded.GetHashCode());
                        Assert.Equal(new IPEndPoint(ip, port), decoded.ToIPEndPoint());
                    }
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_bytes_decode_to_something()
    {
        Prop.ForAll<byte[]>(bytes => _ = SocketAddress.Decode(bytes).ToString()).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("/run/fulcrum.sock")]
    [InlineData("@abstract")]
    public void A_path_is_encoded_as_unix_7_says(string path)
    {
        var address = SocketAddress.Unix(path);
        var buffer = new byte[SocketAddress.MaxLength];
        var length = address.Encode(buffer);
        Assert.Equal(address, SocketAddress.Decode(buffer.AsSpan(0, length)));
        Assert.Equal(path[0] == '@' ? 0 : (byte)'/', buffer[2]);
        Assert.Equal($"unix:{path}", address.ToString());
    }

    [Fact]
    public void The_longest_path_fits_and_a_longer_one_is_refused()
    {
        var buffer = new byte[SocketAddress.MaxLength];
        Assert.Equal(SocketAddress.MaxLength, SocketAddress.Unix(new string('a', 107)).Encode(buffer));
        Assert.Throws<ArgumentException>(() => SocketAddress.Unix(new string('a', 108)));
    }

    [Fact]
    public void Zero_addresses_are_wildcards()
    {
        Assert.True(SocketAddress.From(IPAddress.Any, 1).IsWildcard);
        Assert.True(SocketAddress.From(IPAddress.IPv6Any, 1).IsWildcard);
        Assert.False(SocketAddress.From(IPAddress.Loopback, 1).IsWildcard);
        Assert.False(SocketAddress.Unix("/x").IsWildcard);
        Assert.NotEqual(SocketAddress.From(IPAddress.Any, 1), SocketAddress.From(IPAddress.IPv6Any, 1));
    }
}
