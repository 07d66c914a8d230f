using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>Two nodes with one file, whose kernels tell each other of connections.</summary>
public sealed class TakeoverTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Downloads_go_on_to_their_last_byte_at_the_other_node_and_clients_are_remembered_there()
    {
        var second = _lab.AddDirector("second");
        var heard = new Witness(second.Namespace);
        Lab.RaiseAddresses(_lab.Director);
        RealServer[] behind = [_lab.AddServerBehind("behind1"), _lab.AddServerBehind("behind2")];
        var beside = _lab.AddServerBeside("beside");
        foreach (var server in behind)
        {
            server.ServeHttp(8080);
            server.ServeDownloads(8081, 5007);
        }

        beside.ServeDownloads(82);
        // The last is known to the kernel by a mark.
        var file = $$"""
            ipvs: { sync: { interface: eth1, id: 7 } }
            defaults: { sessions: { drain: 1s } }
            services:
              remembered: { listen: 'tcp://{{Lab.Vip}}:80', forward: nat, upstream: web }
              nat4: { listen: 'tcp://{{Lab.Vip}}:81', forward: nat, backends: {{Backends(8081)}} }
              nat6: { listen: 'tcp://[{{Lab.Vip6}}]:81', forward: nat, backends: {{Backends6(8081)}} }
              dsr: { listen: 'tcp://{{Lab.Vip}}:82', forward: dsr, backends: ['{{beside.Host.Address}}:82'] }
              range: { listen: 'tcp://{{Lab.Vip}}:5000-5009', forward: nat, backends: {{Backends(null)}} }
            upstreams:
              web: { persist: 5m, backends: {{Backends(8080)}} }
            """;
        await using var first = await Daemon.Start(_lab.Director.Namespace, file);
        await using var other = await Daemon.Start(second.Namespace, file);
        Assert.Equal("3\t4", Threshold(_lab.Director.Namespace));
        using var nat4 = await Download.Start(_lab.Client, Lab.Vip, 81);
        using var nat6 = await Download.Start(_lab.Client, Lab.Vip6, 81);
        using var dsr = await Download.Start(_lab.Client, Lab.Vip, 82);
        using var range = await Download.Start(_lab.Client, Lab.Vip, 5007);
        Download[] downloads = [nat4, nat6, dsr, range];
        var name = await _lab.Client.AskHttp(Lab.Vip, 80);
        await Wait.Until(
            () =>
            {
                var seen = heard.Connections().Select(connection => connection.Client).ToList();
                return downloads.All(download => seen.Any(client => client.EndsWith($":{download.Port}")))
                    // What a client is remembered by has no port.
                    && seen.Any(client => client.EndsWith(":0"));
            },
            "the other node to hear of the connections"
        );

        await first.Kill();
        _lab.TakeOver(second);
        foreach (var download in downloads)
        {
            await download.GoesOn();
        }

        foreach (var download in downloads)
        {
            Assert.True(await download.Finish() > 0);
        }

        Assert.Equal([name], await _lab.Client.AskHttp(Lab.Vip, 80, times: 4));
        Assert.Equal(0, await other.Stop());
        Assert.Empty(heard.Saved());
        Assert.Equal("3\t50", Threshold(second.Namespace));

        string Backends(int? port) =>
            $"[{string.Join(", ", behind.Select(server => $"'{server.Host.Address}{(port is null ? "" : $":{port}")}'"))}]";

        string Backends6(int port) =>
            $"[{string.Join(", ", behind.Select(server => $"'[{server.Host.Address6}]:{port}'"))}]";
    }

    private static string Threshold(TestKit.Namespaces.NetworkNamespace home) =>
        home.Run("cat", "/proc/sys/net/ipv4/vs/sync_threshold").Trim();
}
