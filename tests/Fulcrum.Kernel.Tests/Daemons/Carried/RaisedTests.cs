using System.Net;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>Vips on interfaces that Fulcrum makes.</summary>
[Collection<CarriedCollection>]
public sealed class RaisedTests(CarriedServices services)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vip_on_a_VLAN_serves_and_so_does_its_range(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Contains("vlan protocol 802.1Q id 100", Details("eth0.100"));
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.Vlan(isSix), 80, times: 2));
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.Vlan(isSix), 5000, times: 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vip_on_a_macvlan_serves_with_the_macvlans_hardware_address(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Contains("macvlan mode bridge", Details("mac0"));
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.Macvlan(isSix), 80, times: 2));
        var neighbor = client.Home.Ip("neighbor", "show", $"{VipsOf.Macvlan(isSix)}");
        var hardware = Details("mac0").Split("link/ether ")[1].Split(' ')[0];
        Assert.Contains(hardware, neighbor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vip_on_a_dummy_serves_who_is_routed_here(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Contains("dummy", Details("quiet0"));
        foreach (var vip in (IPAddress[])[VipsOf.Dummy(isSix), VipsOf.OwnDummy(isSix)])
        {
            Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(vip, 80, times: 2));
        }
    }

    private string Details(string link) => services.Lab.Director.Namespace.Ip("-d", "link", "show", "dev", link);
}
