using Fulcrum.Forwarding.Vips;

namespace Fulcrum.Forwarding.Tests.Vips;

public sealed class VipPlacesTests
{
    [Fact]
    public async Task It_is_said_where_vips_cannot_stand()
    {
        using var lab = new VipLab();
        lab.Node.Ip("link", "set", "eth1", "down");
        var places = await VipPlaces.LookAsync(lab.Net(), TestContext.Current.CancellationToken);
        Assert.Null(places.WhyNoInterface("eth0"));
        Assert.Equal("interface eth1 is down", places.WhyNoInterface("eth1"));
        Assert.Equal("there is no interface eth7", places.WhyNoInterface("eth7"));
        Assert.Null(places.WhyNoNetwork(VipLab.Vip("192.0.2.80")));
        Assert.Null(places.WhyNoNetwork(VipLab.Vip("2001:db8::80")));
        Assert.Equal(
            "no interface has a network that holds 203.0.113.80: give the vip 'on:'",
            places.WhyNoNetwork(VipLab.Vip("203.0.113.80"))
        );
    }
}
