using System.Net;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Upgrading;

/// <summary>Reloads and upgrades while 128 connections ask: half of them one request each, half of them many.</summary>
public sealed class LoadTests
{
    private const int HangUp = 1;
    private const int UpgradeSignal = 12;
    private const int Connections = 128;

    [Fact]
    public async Task Three_hundred_reloads_and_twenty_upgrades_refuse_nobody_and_fail_no_request()
    {
        var (reloads, upgrades) = (Soak.Count(300), Soak.Count(20));
        _ = Require.Tool("nginx");
        await using var one = await NginxPeer.StartBackend(null, new(IPAddress.Loopback, Ports.Unused()), "one");
        await using var two = await NginxPeer.StartBackend(null, new(IPAddress.Loopback, Ports.Unused()), "two");
        var (port, other) = (Ports.Unused(), Ports.Unused());
        await using var daemon = await ManagedDaemon.StartAsync(Configuration(0), _ => []);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        await using var brief = HttpLoad.Start(
            null,
            new()
            {
                Target = target,
                Connections = Connections / 2,
                RequestsPerConnection = 1,
                Timeout = TimeSpan.FromSeconds(60),
            }
        );
        await using var kept = HttpLoad.Start(
            null,
            new()
            {
                Target = target,
                Connections = Connections / 2,
                RequestsPerConnection = 100,
                Timeout = TimeSpan.FromSeconds(60),
            }
        );
        await kept.WaitForSuccesses(500);
        var (done, first) = (0, daemon.Pid);
        for (var upgrade = 1; upgrade <= upgrades; upgrade++)
        {
            for (; done < reloads * upgrade / upgrades; done++)
            {
                daemon.Write(Configuration(done + 1));
                await OrderAsync(daemon, HangUp, $"reload {done + 1}");
            }

            var before = daemon.MainPid;
            await OrderAsync(daemon, UpgradeSignal, $"upgrade {upgrade}");
            Assert.NotEqual(before, daemon.MainPid);
            await brief.WaitForSuccesses(200);
            await kept.WaitForSuccesses(200);
        }

        var reports = new[] { await brief.Stop(), await kept.Stop() };
        Assert.All(reports, report => Assert.True(report.Failed == 0, report.ToString()));
        Assert.All(reports, report => Assert.Equal(["one", "two"], report.ByLabel.Keys));
        Assert.Equal(reloads, done);
        await Wait.Until(() => daemon.HasExited, "the first process to have finished its sessions");
        Assert.Equal(0, daemon.ExitCode);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{reloads} reloads, {upgrades} upgrades; brief: {reports[0]}; kept: {reports[1]}"
        );

        // Every other one has another listener, other checks and another balancer.
        string Configuration(int number) =>
            $$"""
                services:
                  web:
                    listen: tcp://127.0.0.1:{{port}}
                    backends: ["{{one.EndPoint}}", "{{two.EndPoint}}"]
                    balance: {{(number % 2 == 0 ? "round-robin" : "least-connections")}}
                    checks: [ { http: /, interval: {{2 + (number % 3)}}s } ]
                    sessions: { drain: 2m }
                {{(
                    number % 2 == 0 ? "" : $"  other: {{ listen: 'tcp://127.0.0.1:{other}', backends: [127.0.0.1:9] }}"
                )}}
                """;
    }

    private static async Task OrderAsync(ManagedDaemon daemon, int signal, string what)
    {
        var ready = daemon.TimesReady();
        Assert.True(daemon.SignalMain(signal));
        await Wait.Until(() => daemon.TimesReady() > ready, what, TimeSpan.FromMinutes(2));
    }
}
