using System.Net;
using Fulcrum.Kernel.Tests.Kit;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>UDP and SCTP.</summary>
[Collection<CarriedCollection>]
public sealed class DatagramsTests(CarriedServices services)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Datagrams_of_one_port_are_a_flow(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Single(await client.AskUdp(VipsOf.Front(isSix), 54, times: 3));
        Assert.Contains(Entries(isSix, 54), seen => seen.Protocol == "UDP");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_one_packet_each_datagram_is_balanced_for_itself_and_nothing_is_remembered(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Equal(CarriedServices.BesideNames, await client.AskUdp(VipsOf.Front(isSix), 53, times: 4));
        Assert.Empty(Entries(isSix, 53));
    }

    /// <summary>Nothing tells the kernel whose answer it is, so this way is for datagrams that nobody answers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_one_packet_and_NAT_an_answer_comes_in_the_backends_own_name(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Contains(
            await client.HearUdp(VipsOf.Front(isSix), 55),
            services.Behind.Select(one => new IPEndPoint(one.Address(isSix), 53))
        );
    }

    [Theory]
    [InlineData(false, 3868)]
    [InlineData(true, 3868)]
    [InlineData(false, 3869)]
    [InlineData(true, 3869)]
    public async Task SCTP_is_carried_by_NAT_and_by_direct_return(bool isSix, ushort port)
    {
        var client = (await services.Started()).Lab.Client;
        string[] names =
        [
            await client.AskSctp(VipsOf.Front(isSix), port),
            await client.AskSctp(VipsOf.Front(isSix), port),
        ];
        Assert.Equal(
            port == 3868 ? CarriedServices.BehindNames : CarriedServices.BesideNames,
            names.Order(StringComparer.Ordinal)
        );
        Assert.All(Entries(isSix, port), seen => Assert.Equal("SCTP", seen.Protocol));
        Assert.Equal(2, Entries(isSix, port).Count());
    }

    private IEnumerable<SeenConnection> Entries(bool isSix, ushort port)
    {
        var vip = VipsOf.Front(isSix);
        var service = isSix ? $"[{vip}]:{port}" : $"{vip}:{port}";
        return services.Lab.Witness.Connections().Where(seen => seen.Service == service);
    }
}
