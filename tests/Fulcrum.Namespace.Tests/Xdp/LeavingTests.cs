using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>What is left of a balancer whose process is gone, and of one that was stopped.</summary>
public sealed class LeavingTests : IAsyncDisposable
{
    private readonly XdpLab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public async Task Where_it_is_asked_for_the_kernel_gets_its_packets_back(string plane)
    {
        await using var daemon = await StartAsync(plane, "withdraw");
        Assert.Equal("s1", _lab.Curl(XdpLab.Vip, 81));
        await daemon.Kill();
        Assert.Equal("s1", _lab.Curl(XdpLab.Vip, 81));
        // The vip stands for longer, and nobody listens there on this machine.
        await Wait.Until(
            () =>
                _lab.Client.Namespace.Run(() =>
                    Tool.Try("curl", "", "-s", "--max-time", "5", $"http://{XdpLab.Vip}:81/")
                )
                    is { ExitCode: 7 },
            "the kernel to refuse what the balancer took"
        );
        await daemon.Run();
        Assert.Equal("s1", _lab.Curl(XdpLab.Vip, 81));
    }

    [Theory]
    [InlineData("xdp")]
    [InlineData("tc")]
    [AlsoInGuest]
    public async Task A_stop_leaves_nothing_and_a_file_without_services_neither(string plane)
    {
        await using var daemon = await StartAsync(plane, "keep");
        Assert.Equal("s1", _lab.Curl(XdpLab.Vip, 81));
        Assert.True(ProgramPins.Has(daemon.StateDirectory));
        var text = await File.ReadAllTextAsync(daemon.File);
        await File.WriteAllTextAsync(daemon.File, text[..text.IndexOf("services:", StringComparison.Ordinal)]);
        daemon.Signal(1);
        await Wait.Until(() => !ProgramPins.Has(daemon.StateDirectory), "nothing to be left in the kernel");
        Assert.DoesNotContain("xdp", _lab.Director.Namespace.Ip("link", "show", "eth0"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(daemon.File, text);
        daemon.Signal(1);
        await Wait.Until(() => ProgramPins.Has(daemon.StateDirectory), "the balancer to be there again");
        await daemon.WaitForLog("generation 3");
        Assert.Equal("s1", _lab.Curl(XdpLab.Vip, 81));
        daemon.Signal(15);
        await daemon.WaitForExit();
        Assert.False(ProgramPins.Has(daemon.StateDirectory));
        Assert.DoesNotContain("xdp", _lab.Director.Namespace.Ip("link", "show", "eth0"), StringComparison.Ordinal);
    }

    private async Task<Daemon> StartAsync(string plane, string whenGone)
    {
        var server = _lab.AddServerBeside("s1");
        await server.ServeAsync(81, XdpLab.Vip);
        return await _lab.StartAsync(
            XdpLab
                .Configuration(
                    $"  web: {{ listen: 'tcp://{XdpLab.Vip}:81', plane: {plane}, forward: dsr, backends: [{server.Host.Address}] }}"
                )
                .Replace("[eth0, eth1]", $"[eth0, eth1], when-gone: {whenGone}", StringComparison.Ordinal)
        );
    }
}
