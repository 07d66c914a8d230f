using System.Net;
using Fulcrum.Forwarding.Offload;
using Fulcrum.Linux.Netlink.Routes;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Forwarding.Tests.Offload;

public sealed class LocalAddressesTests
{
    private static readonly LocalAddresses Known = LocalAddresses.Of([
        Route("127.0.0.0/8"),
        Route("192.0.2.7/32"),
        Route("2001:db8::7/128"),
        Route("::/0", RouteType.Unicast),
        Route("192.0.2.255/32", RouteType.Broadcast),
    ]);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.200.1.1", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.6", false)]
    [InlineData("192.0.2.255", false)]
    [InlineData("2001:db8::7", true)]
    [InlineData("2001:db8::8", false)]
    // The same number as an address of the other family.
    [InlineData("::7f00:1", false)]
    public void Those_of_the_kernels_table_are_known(string address, bool isLocal) =>
        Assert.Equal(isLocal, Known.Contains(SocketAddress.From(IPAddress.Parse(address), 53)));

    [Fact]
    public void All_of_a_family_may_be_local()
    {
        var all = LocalAddresses.Of([Route("0.0.0.0/0")]);
        Assert.True(all.Contains(SocketAddress.From(IPAddress.Parse("203.0.113.9"), 1)));
        Assert.False(all.Contains(SocketAddress.From(IPAddress.IPv6Loopback, 1)));
        Assert.False(LocalAddresses.None.Contains(SocketAddress.From(IPAddress.Loopback, 1)));
        Assert.True(all.IsSameAs(LocalAddresses.Of([Route("0.0.0.0/0")])));
        Assert.False(all.IsSameAs(Known));
    }

    private static NetworkRoute Route(string destination, RouteType type = RouteType.Local) =>
        new()
        {
            Destination = IPNetwork.Parse(destination),
            Table = RouteTable.Local,
            Type = type,
        };
}
