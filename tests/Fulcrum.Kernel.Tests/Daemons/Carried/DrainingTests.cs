using System.Net.Http.Json;
using System.Net.Sockets;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>An operator drains a backend: who is there stays until the deadline, and nobody comes.</summary>
[Collection<CarriedCollection>]
public sealed class DrainingTests(CarriedServices services)
{
    [Fact]
    public async Task What_is_established_goes_on_until_the_deadline_and_new_ones_go_elsewhere()
    {
        var client = (await services.Started()).Lab.Client;
        using var four = await client.Open(VipsOf.Front(isSix: false), 84);
        using var six = await client.Open(VipsOf.Front(isSix: true), 84);
        await Task.WhenAll(Drain(client, four, isSix: false), Drain(client, six, isSix: true));
    }

    private async Task Drain(Client client, Connection established, bool isSix)
    {
        var name = await established.Ask();
        var server = services.Behind.Single(one => one.Name == name);
        var other = services.Behind.Single(one => one.Name != name);
        var backend = isSix ? $"[{server.Address(isSix)}]:8080" : $"{server.Address(isSix)}:8080";
        var vip = isSix ? $"[{VipsOf.Front(isSix)}]:84" : $"{VipsOf.Front(isSix)}:84";
        using var api = services.Daemon.Api();
        using var order = JsonContent.Create(new { action = "drain", owner = "test" });
        using var answer = await api.PutAsync(
            $"/api/v1/overrides?target=backend/drain{(isSix ? 6 : 4)}/{Uri.EscapeDataString(backend)}",
            order
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Wait.Until(() => Saved($"-a -t {vip} -r {backend} -m -w 0"), $"{backend} to have no weight");
        Assert.Equal([other.Name], await client.AskHttp(VipsOf.Front(isSix), 84, times: 3));
        Assert.Equal(name, await established.Ask());
        await Wait.Until(() => !Saved($"-a -t {vip} -r {backend} "), $"{backend} to leave at its deadline");
        await Assert.ThrowsAsync<SocketException>(established.Ask);
        Assert.Equal([other.Name], await client.AskHttp(VipsOf.Front(isSix), 84, times: 2));
    }

    private bool Saved(string beginning) =>
        services.Lab.Witness.Saved().Any(line => line.StartsWith(beginning, StringComparison.Ordinal));
}
