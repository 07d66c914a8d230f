using System.Net;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>The kernel carries on while there is no daemon, and the next one finds all as it should be.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task No_request_fails_while_the_daemon_is_dead_begins_anew_and_is_upgraded()
    {
        var behind = _lab.AddServerBehind("behind");
        var beside = _lab.AddServerBeside("beside");
        behind.ServeHttp(8080);
        beside.ServeHttp(81);
        var file = new ServiceFile();
        file.Add("nat", isSix: false, 80, "forward: nat", 8080, [behind], "-m -w 1");
        file.Add("dsr", isSix: true, 81, "forward: dsr", 81, [beside], "-g -w 1");
        var rest = $$"""
            ipvs: { sync: eth1 }
            vips:
              edge: { address: [{{Lab.Vip}}, '{{Lab.Vip6}}'], on: eth0, up-when: always, active: every-node, lifetime: 1m }
            """;
        await using var daemon = await Daemon.Start(_lab.Director.Namespace, $"{file}{rest}\n");
        await _lab.Witness.Sees(file.Expected);
        await Wait.Until(() => Lifetimes().Length == 2, "the vips to stand");
        // Two services with a server each, two daemons, and what parameters the machine had otherwise.
        Assert.InRange(await Writes(daemon), 9, 24);

        HttpLoad[] loads = [Load(Lab.Vip, 80), Load(Lab.Vip, 80, 1), Load(Lab.Vip6, 81), Load(Lab.Vip6, 81, 1)];
        try
        {
            await Flows();
            await daemon.Kill();
            await Flows();
            Assert.All(Lifetimes(), seconds => Assert.InRange(seconds, 1, 60));
            Assert.Equal(file.Expected.Order(StringComparer.Ordinal), _lab.Witness.Saved());

            await daemon.Run();
            await Flows();
            Assert.Equal(0, await Writes(daemon));
            Assert.Equal(file.Expected.Order(StringComparer.Ordinal), _lab.Witness.Saved());

            await daemon.Upgrade();
            await Flows();
            Assert.Equal(0, await Writes(daemon));
            Assert.Equal(file.Expected.Order(StringComparer.Ordinal), _lab.Witness.Saved());
        }
        finally
        {
            foreach (var load in loads)
            {
                await load.DisposeAsync();
            }
        }

        Assert.All(loads, load => Assert.True(load.Report.Failed == 0, load.Report.ToString()));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', loads.Select(load => load.Report)));

        async Task Flows()
        {
            foreach (var load in loads)
            {
                await load.WaitForSuccesses(5);
            }
        }
    }

    private HttpLoad Load(IPAddress address, int port, int requests = int.MaxValue) =>
        HttpLoad.Start(
            _lab.Client.Home,
            new()
            {
                Target = new(address, port),
                RequestsPerConnection = requests,
                // The guest's one processor is to be left to the daemon as well.
                Interval = TimeSpan.FromMilliseconds(50),
                Timeout = TimeSpan.FromSeconds(60),
            }
        );

    /// <summary>How long the kernel keeps the vips unless they are renewed, in seconds.</summary>
    private int[] Lifetimes() =>
        [
            .. from address in (IPAddress[])[Lab.Vip, Lab.Vip6]
            let shown = _lab.Director.Namespace.Ip("-o", "address", "show", "dev", "eth0", "to", $"{address}")
            where shown.Contains("valid_lft", StringComparison.Ordinal)
            select int.Parse(shown.Split("valid_lft ")[1].Split("sec")[0]),
        ];

    /// <summary>How many changes of the kernel's table this process has made.</summary>
    private static async Task<int> Writes(Daemon daemon)
    {
        const string Name = "fulcrum_plane_writes_total{plane=\"ipvs\"} ";
        using var api = daemon.Api();
        var page = await api.GetStringAsync("/metrics");
        var line = Assert.Single(page.Split('\n'), line => line.StartsWith(Name, StringComparison.Ordinal));
        return int.Parse(line[Name.Length..]);
    }
}
