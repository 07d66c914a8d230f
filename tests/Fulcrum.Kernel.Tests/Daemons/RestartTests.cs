using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>The kernel carries on while there is no daemon, and the next one finds all as it should be.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Connections_outlive_the_daemon_and_the_next_one_writes_nothing()
    {
        Lab.RaiseAddresses(_lab.Director);
        var behind = _lab.AddServerBehind("behind");
        var beside = _lab.AddServerBeside("beside");
        behind.ServeHttp(8080);
        beside.ServeHttp(81);
        var file = new ServiceFile();
        file.Add("nat", isSix: false, 80, "forward: nat", 8080, [behind], "-m -w 1");
        file.Add("dsr", isSix: true, 81, "forward: dsr", 81, [beside], "-g -w 1");
        await using var daemon = await Daemon.Start(_lab.Director.Namespace, file.ToString());
        await _lab.Witness.Sees(file.Expected);
        // Two services with a server each, and what parameters the machine had otherwise.
        Assert.InRange(await Writes(daemon), 5, 20);

        using var rewritten = await _lab.Client.Open(Lab.Vip, 80);
        using var direct = await _lab.Client.Open(Lab.Vip6, 81);
        await Both();
        await daemon.Kill();
        await Both();
        Assert.Equal("behind", await _lab.Client.AskHttp(Lab.Vip, 80));
        Assert.Equal(file.Expected.Order(StringComparer.Ordinal), _lab.Witness.Saved());

        await daemon.Run();
        await Both();
        Assert.Equal("beside", await _lab.Client.AskHttp(Lab.Vip6, 81));
        Assert.Equal(0, await Writes(daemon));
        Assert.Equal(file.Expected.Order(StringComparer.Ordinal), _lab.Witness.Saved());

        async Task Both()
        {
            Assert.Equal("behind", await rewritten.Ask());
            Assert.Equal("beside", await direct.Ask());
        }
    }

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
