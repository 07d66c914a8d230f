using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>The page of metrics of a node that works, as others read it.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Counters_move_with_real_traffic()
    {
        await using var server = await StartServerAsync();
        var port = Ports.Unused();
        await using var daemon = await StartAsync(port, server.EndPoint.Port);
        using var api = daemon.Api();
        var before = await ReadAsync(api, true);
        (string, string) web = ("service", "web");
        Assert.Equal(0, before.Value("fulcrum_service_sessions_total", web));
        const int Count = 20;
        for (var number = 0; number < Count; number++)
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync("hello"u8.ToArray());
            await stream.ReadExactlyAsync(new byte[5]);
        }

        ExpositionPage page = null!;
        await Wait.Until(
            async () =>
            {
                page = await ReadAsync(api, false);
                return page.Value("fulcrum_service_session_duration_seconds_count", web) == Count;
            },
            "the sessions to end"
        );
        Assert.Equal(Count, page.Value("fulcrum_service_sessions_total", web));
        Assert.Equal(0, page.Value("fulcrum_service_sessions_active", web));
        Assert.Equal(Count * 5, page.Value("fulcrum_service_traffic_bytes_total", web, ("direction", "in")));
        Assert.Equal(Count * 5, page.Value("fulcrum_service_traffic_bytes_total", web, ("direction", "out")));
        Assert.Equal(Count, page.Value("fulcrum_service_connect_duration_seconds_count", web));
        Assert.Equal(Count, page.Value("fulcrum_backend_sessions_total", web, ("backend", "one")));
        Assert.Equal(
            Count * 5,
            page.Value("fulcrum_backend_traffic_bytes_total", ("backend", "one"), ("direction", "in"))
        );
        Assert.InRange(page.Value("fulcrum_check_duration_seconds_count", ("outcome", "good")), 1, 1e6);
        Assert.True(page.Find("fulcrum_loop_wakeups_total").Count >= 2);
        Assert.True(page.Value("process_cpu_seconds_total") > 0);
        Assert.InRange(
            page.Value("process_start_time_seconds"),
            before.Value("process_start_time_seconds"),
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1
        );
    }

    [Fact]
    public async Task The_tool_of_prometheus_finds_nothing_wrong()
    {
        var tool = Require.Tool("promtool");
        await using var server = await StartServerAsync();
        await using var daemon = await StartAsync(Ports.Unused(), server.EndPoint.Port);
        using var api = daemon.Api();
        var page = await api.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var (code, output, errors) = Tool.Try(tool, page, "check", "metrics");
        Assert.Equal((0, "", ""), (code, output, errors));
        var rules = Repository.PathOf("deploy", "prometheus", "alerts.yaml");
        Assert.Contains("SUCCESS", Tool.Run(tool, "check", "rules", rules), StringComparison.Ordinal);
    }

    private static Task<TcpServer> StartServerAsync() =>
        Task.FromResult(
            TcpServer.Start(
                null,
                new(IPAddress.Loopback, 0),
                async socket =>
                {
                    var buffer = new byte[64];
                    while (await socket.ReceiveAsync(buffer) is > 0 and var count)
                    {
                        await socket.SendAsync(buffer.AsMemory(0, count));
                    }
                }
            )
        );

    private static Task<Daemon> StartAsync(int port, int backend) =>
        Daemon.Start(
            null,
            $$"""
            defaults: { check: { interval: 100ms, timeout: 10s } }
            services:
              web:
                listen: tcp://127.0.0.1:{{port}}
                backends: [{ address: 127.0.0.1:{{backend}}, name: one }]
                checks: [tcp]
            """
        );

    private static async Task<ExpositionPage> ReadAsync(HttpClient api, bool isOpen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", isOpen ? "application/openmetrics-text" : "text/plain");
        using var answer = await api.SendAsync(request);
        return ExpositionParser.Parse(await answer.Content.ReadAsByteArrayAsync(), isOpen);
    }
}
