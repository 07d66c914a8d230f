using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Stages;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class AccessLogTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_is_a_line_with_how_it_ended()
    {
        var time = new ManualTimeProvider();
        using var output = new MemoryStream();
        await using var harness = new PlaneHarness(time, output) { AccessLog = AccessLog.Default };
        using var listener = Sockets.Listen();
        _ = Sockets.EchoAsync(listener);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        await client.SendAllAsync("hello"u8.ToArray());
        _ = await client.ReceiveExactlyAsync(5);
        var from = client.LocalEndPoint;
        await harness.AdvanceAsync(TimeSpan.FromSeconds(12));
        client.Shutdown(SocketShutdown.Send);
        await harness.UntilActiveAsync(0);
        var line = await LineAsync(time, output);
        Assert.Matches(
            $@"^\d{{4}}-.*Z s tcp://{target} {from} u/{listener.LocalEndPoint} 5 5 0\.000000 12\.\d{{6}} closed\n$",
            line
        );
    }

    [Theory]
    [InlineData(BackendDuty.Rest, @" - 0 0 - 0\.000000 unserved\n$")]
    [InlineData(BackendDuty.Serve, @" u/127.0.0.1:\d+ 0 0 0\.000000 600\.\d{6} idle\n$")]
    public async Task What_did_not_end_well_says_so(BackendDuty duty, string end)
    {
        var time = new ManualTimeProvider();
        using var output = new MemoryStream();
        await using var harness = new PlaneHarness(time, output) { AccessLog = AccessLog.Default };
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!, duty));
        using var client = await Sockets.TryConnectAsync(target);
        if (duty == BackendDuty.Serve)
        {
            await Wait.Until(
                () => harness.Plane.Observe().Services[0].Connects.Counts.Sum() == 1,
                "the connection to the backend"
            );
            await harness.AdvanceAsync(TimeSpan.FromMinutes(10));
        }

        await harness.UntilActiveAsync(0);
        Assert.Matches(end, await LineAsync(time, output));
    }

    [Fact]
    public async Task Datagrams_have_sessions_too_and_json_is_an_object()
    {
        var time = new ManualTimeProvider();
        using var output = new MemoryStream();
        await using var harness = new PlaneHarness(time, output) { AccessLog = new() { Format = LogFormat.Json } };
        using var backend = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(
            harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await client.SendAsync(new byte[7]);
        var buffer = new byte[100];
        var question = await backend.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
        await backend.SendToAsync(buffer.AsMemory(0, 3), question.RemoteEndPoint);
        Assert.Equal(3, await client.ReceiveAsync(buffer));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(40));
        await harness.UntilActiveAsync(0);
        Assert.Matches(
            $@"^\{{""time"":""\d.*Z"",""service"":""s"",""listener"":""udp://127.0.0.1:{port}"",""client"":""{client.LocalEndPoint}"",""upstream"":""u"",""backend"":""{backend.LocalEndPoint}"",""bytes-in"":7,""bytes-out"":3,""duration"":\d+(\.\d+)?,""end"":""idle""\}}\n$",
            await LineAsync(time, output)
        );
    }

    [Theory]
    [InlineData(
        LogFormat.Text,
        """ closed labels.from=in\x20side labels.long=LONG\xe2\x80\xa6 labels.note=1=\x22\xc3\xa4\x22 tls.alpn=h2,http/1.1 tls.sni=www.example.com"""
    )]
    [InlineData(
        LogFormat.Json,
        ""","end":"closed","metadata":{"labels.from":"in side","labels.long":"LONG\u2026","labels.note":"1=\u0022\u00E4\u0022","tls.alpn":"h2,http/1.1","tls.sni":"www.example.com"}}"""
    )]
    public async Task What_routes_have_written_and_the_hello_said_stands_behind(LogFormat format, string end)
    {
        var time = new ManualTimeProvider();
        using var output = new MemoryStream();
        await using var harness = new PlaneHarness(time, output) { AccessLog = new() { Format = format } };
        using var listener = Sockets.Listen();
        var target = await harness.ServeRoutesAsync(
            [
                PlaneHarness.Route(0, new Match { Sni = [new(TextPatternKind.Exact, "www.example.com")] }) with
                {
                    Rewrite =
                    [
                        new("labels.note", "1=\"ä\""),
                        new("labels.from", "in side"),
                        new("labels.gone", "x"),
                        new("labels.gone", null),
                        new("labels.long", new string('x', 300)),
                    ],
                },
            ],
            harness.Destination("u", PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        await Hellos.AssertReachesAsync(target, listener, "www.Example.com", "h2", "http/1.1");
        await harness.UntilActiveAsync(0);
        end = end.Replace("LONG", new string('x', 256), StringComparison.Ordinal);
        Assert.EndsWith($"{end}\n", await LineAsync(time, output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datagrams_have_what_routes_have_written_too()
    {
        var time = new ManualTimeProvider();
        using var output = new MemoryStream();
        await using var harness = new PlaneHarness(time, output) { AccessLog = AccessLog.Default };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var service = harness.Service(
            ListenerProtocol.Udp,
            IPAddress.Loopback,
            port,
            PlaneHarness.Backend(backend.LocalEndPoint!)
        );
        var route = PlaneHarness.Route(0) with { Rewrite = [new("labels.tenant", "a")] };
        await harness.ApplyAsync(
            harness.Table(service with { Listeners = [service.Listeners[0] with { Routes = [route] }] })
        );
        using var client = await Datagrams.OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        await client.SendAsync(new byte[7]);
        _ = await backend.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(40));
        await harness.UntilActiveAsync(0);
        Assert.EndsWith(" idle labels.tenant=a\n", await LineAsync(time, output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_comes_again_is_the_same_object_however_many_others_came_between()
    {
        var cache = new TextCache();
        Assert.Null(cache.Of(""));
        var first = cache.Of("www.example.com");
        Assert.Same(first, cache.Of("www.example.com".AsSpan()));
        for (var number = 0; number < 100_000; number++)
        {
            Assert.Equal($"{number}.example", cache.Of($"{number}.example"));
        }
        Assert.Equal("www.example.com", cache.Of("www.example.com"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_once_and_its_lines_are_counted()
    {
        using var folder = new TemporaryDirectory();
        var time = new ManualTimeProvider();
        var ring = new AccessRing();
        var problems = new List<string>();
        await using var logger = new AccessLogger([ring], new StageLog(), Stream.Null, time) { Problem = problems.Add };
        var file = folder.PathOf("missing/access.log");
        ring.Open();
        logger.Start();
        for (var round = 1; round <= 2; round++)
        {
            ring.Add(Record(new() { File = file }));
            await UntilAsync(time, () => logger.Failed == round);
        }

        Assert.Contains("missing/access.log cannot be written", Assert.Single(problems), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.PathOf("missing"));
        ring.Add(Record(new() { File = file }));
        await UntilAsync(time, () => logger.Lines == 1);
        Assert.Single(await File.ReadAllLinesAsync(file));

        // Moved away: what comes later goes into a file of the name.
        File.Move(file, file + ".1");
        ring.Add(Record(new() { File = file }));
        await UntilAsync(time, () => logger.Lines == 2);
        logger.Reopen();
        ring.Add(Record(new() { File = file }));
        await UntilAsync(time, () => logger.Lines == 3);
        Assert.Equal(
            3,
            (await File.ReadAllLinesAsync(file)).Length + (await File.ReadAllLinesAsync(file + ".1")).Length
        );
        Assert.NotEmpty(await File.ReadAllLinesAsync(file));
    }

    [Fact]
    public void A_ring_gives_what_it_got_and_drops_what_it_cannot_hold()
    {
        const int Capacity = 8192;
        var ring = new AccessRing();
        ring.Add(Record(AccessLog.Default));
        Assert.Equal(1, ring.Dropped);
        ring.Open();
        for (var number = 0; number < Capacity + 10; number++)
        {
            ring.Add(Record(AccessLog.Default) with { BytesIn = number });
        }

        Assert.Equal(11, ring.Dropped);
        for (var number = 0; number < Capacity; number++)
        {
            Assert.True(ring.TryTake(out var record));
            Assert.Equal(number, record.BytesIn);
        }

        Assert.False(ring.TryTake(out _));
        ring.Add(Record(AccessLog.Default));
        Assert.True(ring.TryTake(out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void One_of_so_many_is_drawn(int oneOf)
    {
        const int Count = 100_000;
        var ring = new AccessRing();
        var drawn = Enumerable.Range(0, Count).Count(_ => ring.Draws(oneOf));
        Assert.InRange(drawn, Count / oneOf * 98 / 100, (Count / oneOf * 102 / 100) + 1);
    }

    private static AccessRecord Record(AccessLog log) =>
        new()
        {
            Plan = new()
            {
                Service = new("s", 1),
                Listener = "tcp://:1",
                Log = log,
            },
        };

    private static async Task<string> LineAsync(ManualTimeProvider time, MemoryStream output)
    {
        await UntilAsync(time, () => output.Length > 0);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static Task UntilAsync(ManualTimeProvider time, Func<bool> isSo) =>
        Wait.Until(
            () =>
            {
                time.Advance(Second);
                return isSo();
            },
            "the writer"
        );
}
