using System.Net.Sockets;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class LeastConnectionsTests
{
    private const int Loops = 4;

    [Fact]
    public async Task Each_backend_has_its_share_of_connections_that_come_one_by_one_to_four_loops()
    {
        await using var harness = Harness();
        var backends = Enumerable.Range(0, 3).Select(_ => Sockets.Listen()).ToList();
        var target = await harness.ServeTcpAsync([
            .. backends.Select(
                (backend, index) => PlaneHarness.Backend(backend.LocalEndPoint!) with { Weight = index + 1 }
            ),
        ]);
        var clients = new List<Socket>();
        for (var count = 1; count <= 60; count++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            await harness.UntilActiveAsync(count);
        }
        Assert.Equal([10, 20, 30], Active(harness));

        // One backend loses all it has: the next ones are all its own.
        for (var count = 0; count < 30; count++)
        {
            (await backends[2].AcceptOneAsync()).Abort();
        }
        await harness.UntilActiveAsync(30);
        for (var count = 31; count <= 60; count++)
        {
            clients.Add(await Sockets.ConnectAsync(target));
            await harness.UntilActiveAsync(count);
        }
        Assert.Equal([10, 20, 30], Active(harness));
        clients.ForEach(client => client.Dispose());
        backends.ForEach(backend => backend.Dispose());
    }

    [Fact]
    public async Task In_a_rush_loops_that_choose_in_the_same_moment_are_all_that_it_is_off_by()
    {
        await using var harness = Harness();
        var backends = Enumerable.Range(0, 4).Select(_ => Sockets.Listen()).ToList();
        var target = await harness.ServeTcpAsync([
            .. backends.Select(backend => PlaneHarness.Backend(backend.LocalEndPoint!)),
        ]);
        var clients = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Sockets.ConnectAsync(target)));
        await harness.UntilActiveAsync(400);
        var active = Active(harness);
        Assert.InRange(active.Max() - active.Min(), 0, Loops);
        Array.ForEach(clients, client => client.Dispose());
        backends.ForEach(backend => backend.Dispose());
    }

    private static PlaneHarness Harness() =>
        new(loops: Loops) { Balance = new Balance { Algorithm = BalanceAlgorithm.LeastConnections } };

    private static List<long> Active(PlaneHarness harness) =>
        [.. harness.Observed.Backends.Select(backend => backend.Counters.Active).Order()];
}
