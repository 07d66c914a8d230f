using System.Collections.Concurrent;
using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>A collector of the test's own sees what is pushed.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_traces_are_pushed_and_a_collector_that_fails_is_told_of_once()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("token", "Bearer a,b=c\n");
        var seen = new ConcurrentQueue<(string Path, string? Authorization, byte[] Body)>();
        var status = 503;
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{Ports.Unused()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        var serving = ServeAsync();
        await using var daemon = await Daemon.Start(
            null,
            $$"""
            metrics:
              otlp: { endpoint: "{{address}}", interval: 1s, headers: { authorization: { file: {{folder.PathOf(
                "token"
            )}} } } }
            services:
              web: { listen: "tcp://127.0.0.1:{{Ports.Unused()}}", backends: ["127.0.0.1:1"] }
            """
        );
        await daemon.WaitForLog("warning OTLP: ");
        await Wait.Until(() => seen.Count > 3, "several attempts");
        Assert.Single(daemon.Log.Lines, line => line.Contains("does not take", StringComparison.Ordinal));
        Volatile.Write(ref status, 200);
        await daemon.WaitForLog($"info OTLP: {address} takes what is pushed to it");

        // A change to see in a trace, after the connection stood.
        Assert.Equal(0, daemon.Command("apply", daemon.File).ExitCode);
        await Wait.Until(() => seen.Any(one => one.Path == "/v1/traces"), "traces");
        Assert.All(seen, one => Assert.Equal("Bearer a,b=c", one.Authorization));
        var last = new ProtobufMessage(seen.Last(one => one.Path == "/v1/metrics").Body);
        var metrics = last.All(1, 2, 2).ToDictionary(metric => metric.Text(1), StringComparer.Ordinal);
        Assert.Contains("fulcrum.loop.wakeups", metrics.Keys);
        Assert.Contains("fulcrum.build.info", metrics.Keys);
        Assert.Contains("fulcrum.service.session.duration.bucket", metrics.Keys);
        // Of a gauge the points' attributes, and of the first its value.
        var point = Assert.Single(metrics["fulcrum.service.healthy"].All(5, 1));
        Assert.Equal((1UL, "service"), (point.Number(6), Assert.Single(point.All(7)).Text(1)));
        Assert.Equal("web", Assert.Single(point.All(7, 2)).Text(1));
        var resource = last.All(1, 1, 1).Select(pair => $"{pair.Text(1)}={pair.All(2).Single().Text(1)}");
        Assert.Contains("service.name=fulcrum", resource);
        var spans = seen.Where(one => one.Path == "/v1/traces")
            .SelectMany(one => new ProtobufMessage(one.Body).All(1, 2, 2))
            .Select(span => span.Text(5));
        Assert.Contains("apply", spans);
        collector.Stop();
        await serving;

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await collector.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    seen.Enqueue(
                        (context.Request.Url!.AbsolutePath, context.Request.Headers["authorization"], body.ToArray())
                    );
                    context.Response.StatusCode = Volatile.Read(ref status);
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // It is stopped.
            }
        }
    }
}
