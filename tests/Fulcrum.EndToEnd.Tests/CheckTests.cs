using System.Net;
using System.Text.Json.Nodes;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>What people see of checks: <c>fulcrum get checks</c>, the status, and the log.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task Checks_are_listed_shown_and_logged()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        await using var daemon = await Daemon.Start(
            null,
            $$"""
            defaults: { check: { interval: 100ms, timeout: 10s } }
            services:
              web:
                listen: tcp://127.0.0.1:{{Ports.Unused()}}
                backends:
                  - { address: 127.0.0.1:{{server.EndPoint.Port}}, name: one }
                  - { address: 127.0.0.1:{{Ports.Unused()}}, name: two }
                checks: [tcp, { http: /, port: {{Ports.Unused()}}, paused: true }]
            """
        );
        await daemon.WaitForLog("info check web/one/tcp is healthy: ");
        await daemon.WaitForLog("warning check web/two/tcp is unhealthy: connection refused (was unknown)");

        var all = daemon.Command("get", "checks");
        Assert.Equal((0, ""), (all.ExitCode, all.Errors));
        Assert.Matches(@"(?m)^CHECK +TARGET +VERDICT +FOR +LATENCY +NEXT +LAST$", all.Output);
        Assert.Matches(@"(?m)^web/one/tcp +127\.0\.0\.1:\d+ +healthy +\d+s ", all.Output);
        Assert.Matches(@"(?m)^web/two/tcp +127\.0\.0\.1:\d+ +unhealthy +\d+s .*connection refused$", all.Output);
        Assert.Matches(@"(?m)^web/one/http/\d+ .*unknown +paused +not asked yet$", all.Output);

        var ill = daemon.Command("get", "ch", "web", "--verdict", "unhealthy", "-o", "json");
        var row = Assert.Single(JsonNode.Parse(ill.Output)!["items"]!.AsArray())!;
        Assert.Equal("web/two/tcp", (string)Assert.Single(row["checks"]!.AsArray())!);

        var one = daemon.Command("get", "checks", "web/one/tcp");
        Assert.StartsWith("web/one/tcp  healthy for ", one.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  AT +RESULT +CONNECT +REASON\n  \d{4}-.*Z  good ", one.Output);
        Assert.Contains(
            "checks: 1 unhealthy, 1 unknown, 1 healthy",
            daemon.Command("status").Output,
            StringComparison.Ordinal
        );

        var none = daemon.Command("get", "checks", "web/one/tpc");
        Assert.Equal((1, ""), (none.ExitCode, none.Output));
        Assert.Contains(
            "There is no check 'web/one/tpc'; did you mean 'web/one/tcp'?\n",
            none.Errors,
            StringComparison.Ordinal
        );
        var beans = daemon.Command("get", "beans");
        Assert.Equal(2, beans.ExitCode);
        Assert.Contains("there is no kind 'beans'; there are services, ", beans.Errors, StringComparison.Ordinal);

        await server.DisposeAsync();
        await daemon.WaitForLog("warning check web/one/tcp is unhealthy: connection refused (was healthy)");
    }
}
