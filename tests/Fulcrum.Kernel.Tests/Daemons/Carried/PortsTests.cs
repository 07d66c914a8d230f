using System.Net.Sockets;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>Services that more than one address and port belong to: the kernel knows them by a mark.</summary>
[Collection<CarriedCollection>]
public sealed class PortsTests(CarriedServices services)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_range_is_carried_with_its_ports_and_nothing_beside_it(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        var vip = VipsOf.Front(isSix);
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(vip, 5000, times: 2));
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(vip, 5999, times: 2));
        Assert.Equal(CarriedServices.BesideNames, await client.AskHttp(vip, 6000, times: 2));
        Assert.Equal(CarriedServices.BesideNames, await client.AskHttp(vip, 6500, times: 2));
        var refusal = await Assert.ThrowsAsync<SocketException>(() => client.AskHttp(vip, 7000));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ranges_are_carried_of_datagrams_and_of_SCTP(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        var vip = VipsOf.Front(isSix);
        string[] answers = [await client.AskUdp(vip, 20000), await client.AskUdp(vip, 20000)];
        Assert.Equal(CarriedServices.BehindNames, answers.Order(StringComparer.Ordinal));
        answers = [await client.AskSctp(vip, 4000), await client.AskSctp(vip, 4000)];
        Assert.Equal(CarriedServices.BehindNames, answers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_ports_are_carried(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        foreach (var port in (ushort[])[1, 8080, 65535])
        {
            Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.EveryPort(isSix), port, times: 2));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_somebody_else_has_marked_is_carried(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.Marked(isSix), 7000, times: 2));
        Assert.Equal(CarriedServices.BehindNames, await client.AskHttp(VipsOf.Marked(isSix), 7001, times: 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listeners_that_belong_together_remember_a_client_as_one(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        var names = new List<string>();
        foreach (var network in (int[])[1, 2])
        {
            var one = client.From(CarriedServices.Source(isSix, network, 1));
            var name = Assert.Single(await one.AskHttp(VipsOf.Front(isSix), 8000, times: 2));
            Assert.Equal([name], await one.AskHttp(VipsOf.Front(isSix), 8001, times: 2));
            Assert.Equal(name, await one.AskUdp(VipsOf.Front(isSix), 8002));
            names.Add(name);
        }

        Assert.Equal(CarriedServices.BehindNames, names.Order(StringComparer.Ordinal));
    }
}
