using System.Net.Sockets;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>What backends see, how much of it, and who comes back to them.</summary>
[Collection<CarriedCollection>]
public sealed class BackendSideTests(CarriedServices services)
{
    /// <summary>They answer clients themselves, past the director, so that without a source of its own nothing would work.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backends_see_sources_of_the_director_on_another_port(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Equal(CarriedServices.BesideNames, await client.AskHttp(VipsOf.Front(isSix), 81, times: 4));
        foreach (var server in services.Beside)
        {
            var seen = server.Clients.Select(one => one.Address).Where(CarriedServices.Sources(isSix).Contains);
            Assert.Equal(2, seen.Count());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_of_one_network_are_remembered_as_one(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        var names = new List<string>();
        foreach (var network in (int[])[1, 2])
        {
            var first = client.From(CarriedServices.Source(isSix, network, 1));
            var second = client.From(CarriedServices.Source(isSix, network, 2));
            var name = Assert.Single(await first.AskHttp(VipsOf.Front(isSix), 82, times: 2));
            Assert.Equal([name], await second.AskHttp(VipsOf.Front(isSix), 82, times: 2));
            names.Add(name);
        }

        Assert.Equal(CarriedServices.BehindNames, names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backend_that_is_full_gets_no_more_and_when_all_are_clients_are_refused(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        using var one = await client.Open(VipsOf.Front(isSix), 83);
        using var other = await client.Open(VipsOf.Front(isSix), 83);
        string[] names = [await one.Ask(), await other.Ask()];
        Assert.Equal(CarriedServices.BehindNames, names.Order(StringComparer.Ordinal));
        await Refused();
        // The kernel counts what has ended until it forgets it.
        one.Dispose();
        await Refused();

        async Task Refused()
        {
            var refusal = await Assert.ThrowsAsync<SocketException>(() => client.AskHttp(VipsOf.Front(isSix), 83));
            Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        }
    }

    /// <summary>Only a tunnel leads from one family to the other.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backends_of_the_other_family_are_reached_in_tunnels(bool isSix)
    {
        var client = (await services.Started()).Lab.Client;
        Assert.Equal(CarriedServices.BesideNames, await client.AskHttp(VipsOf.Front(isSix), 85, times: 2));
    }
}
