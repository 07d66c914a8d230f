using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>A real server of DSR that the daemon set up: it takes what comes for the vip, and ARP does not speak of it.</summary>
public sealed class RealServerTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task It_serves_what_a_director_sends_and_is_found_by_nobody_else()
    {
        var server = _lab.AddServerUnprepared("beside");
        server.ServeHttp(80);
        await using var daemon = await Daemon.Start(
            server.Host.Namespace,
            $$"""
            vips:
              web: { address: ['{{Lab.Vip}}', '{{Lab.Vip6}}'], on: dummy, active: every-node, up-when: always }
            """
        );
        await Wait.Until(
            () => Addresses(server).Contains($"{Lab.Vip}/32", StringComparison.Ordinal),
            "the vip to stand"
        );
        foreach (var isSix in (bool[])[false, true])
        {
            var (code, _, errors) = TryCurl(isSix);
            Assert.NotEqual(0, code);
            Assert.Contains("curl: (7)", errors, StringComparison.Ordinal);
        }

        Lab.RaiseAddresses(_lab.Director);
        _lab.Client.Home.Ip("neighbor", "flush", "all");
        foreach (var (isSix, service) in ((bool, string)[])[(false, $"{Lab.Vip}:80"), (true, $"[{Lab.Vip6}]:80")])
        {
            var backend = isSix ? $"[{server.Address(true)}]:80" : $"{server.Address(false)}:80";
            _lab.Witness.Change("-A", "-t", service, "-s", "rr");
            _lab.Witness.Change("-a", "-t", service, "-r", backend, "-g");
            Assert.Equal("beside", await _lab.Client.AskHttp(Lab.VipOf(isSix), 80));
        }

        Assert.Equal(0, await daemon.Stop());
        Assert.DoesNotContain($"{Lab.Vip}/32", Addresses(server), StringComparison.Ordinal);
        Assert.Equal("0", server.Host.Namespace.Run("cat", "/proc/sys/net/ipv4/conf/eth0/arp_ignore").Trim());
    }

    private static string Addresses(RealServer server) => server.Host.Namespace.Ip("address", "show");

    private (int ExitCode, string Output, string Errors) TryCurl(bool isSix) =>
        _lab.Client.Home.Run(() =>
            Tool.Try(
                "curl",
                "",
                "-sS",
                "--max-time",
                "20",
                $"http://{new System.Net.IPEndPoint(Lab.VipOf(isSix), 80)}/"
            )
        );
}
