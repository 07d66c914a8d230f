using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What datagrams pass between client and backend: each for itself, whole or not at all.</summary>
public sealed class DatagramStageTests
{
    private const int Segment = 100;

    [Fact]
    public async Task An_echo_sends_back_what_comes_and_needs_no_backend()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [Simple(BuiltInStage.Echo)]);
        var before = Sockets.Count();
        client.SendTrainsOf(Segment);
        var data = Noise((3 * Segment) + 10);
        await client.SendAsync(data);
        for (var offset = 0; offset < data.Length; offset += Segment)
        {
            Assert.Equal(data[offset..Math.Min(offset + Segment, data.Length)], await ReceiveAsync(client));
        }
        client.SendTrainsOf(0);
        Assert.Empty(await AskAsync(client, []));
        Assert.Equal(before, Sockets.Count());
        Assert.Equal(0, backend.Available);
        Assert.Equal(data.Length, harness.Counters.BytesOut);
        Assert.Equal(0, harness.Counters.BytesIn + harness.Counters.Dropped);
    }

    [Fact]
    public async Task An_echo_on_the_way_back_returns_answers_to_the_backend()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [], [Simple(BuiltInStage.Echo)]);
        await client.SendAsync(new byte[] { 1 });
        var (_, session) = await ReceiveFromAsync(backend);
        backend.SendTrainsOf(Segment);
        var data = Noise(3 * Segment);
        await backend.SendToAsync(data, session);
        for (var offset = 0; offset < data.Length; offset += Segment)
        {
            Assert.Equal(data[offset..(offset + Segment)], await ReceiveAsync(backend));
        }
        Assert.Equal(0, client.Available);
        Assert.Equal(0, harness.Counters.BytesOut);
        Assert.Equal(1 + data.Length, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task What_is_discarded_goes_nowhere_and_is_no_loss()
    {
        await using var harness = new PlaneHarness();
        using var folder = new TemporaryDirectory();
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(
            harness,
            backend,
            [new("l", new LoggerStage(folder.PathOf("log"), null), null), Simple(BuiltInStage.Discard)]
        );
        await client.SendAsync(new byte[] { 1 });
        await Wait.Until(() => File.Exists(folder.PathOf("log")), "the stage before it to write");
        await harness.SyncAsync();
        Assert.Equal(0, backend.Available);
        Assert.Equal(1, harness.Counters.Active);
        Assert.Equal(0, harness.Counters.BytesIn + harness.Counters.Dropped);
    }

    [Fact]
    public async Task A_rate_limit_drops_what_is_beyond_the_burst_and_then_what_is_beyond_the_rate()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [new("r", new RateLimitStage(1000, 5 * Segment), null)]);
        client.SendTrainsOf(Segment);
        await client.SendAsync(new byte[20 * Segment]);
        Assert.Equal(Enumerable.Repeat(Segment, 5), await ReceiveSizesAsync(backend, 5));
        await Wait.Until(() => harness.Counters.DroppedByRate == 15, "the others to be dropped");
        Assert.Equal(15, harness.Counters.Dropped);
        await harness.SyncAsync();
        await harness.AdvanceAsync(TimeSpan.FromMilliseconds(250));
        await client.SendAsync(new byte[20 * Segment]);
        Assert.Equal(Enumerable.Repeat(Segment, 2), await ReceiveSizesAsync(backend, 2));
        await Wait.Until(() => harness.Counters.DroppedByRate == 33, "the others to be dropped");
        // What is left of a second quarter lets a shorter one pass, and no longer one.
        client.SendTrainsOf(0);
        await client.SendAsync(new byte[51]);
        await client.SendAsync(new byte[50]);
        Assert.Equal(50, (await ReceiveAsync(backend)).Length);
        Assert.Equal(34, harness.Counters.DroppedByRate);
        // Empty ones are not free.
        await client.SendAsync(Array.Empty<byte>());
        await Wait.Until(() => harness.Counters.DroppedByRate == 35, "an empty one to be dropped");
        Assert.Equal((7 * Segment) + 50, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task A_logger_writes_a_line_for_each_datagram_in_both_directions()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("stage.log");
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        Items<PlaneStage> stages = [new("l", new LoggerStage(path, "game:"), null)];
        using var client = await ClientAsync(harness, backend, stages, stages);
        client.SendTrainsOf(2);
        await client.SendAsync("hi\"\n"u8.ToArray());
        Assert.Equal("hi"u8.ToArray(), await ReceiveAsync(backend));
        var (_, session) = await ReceiveFromAsync(backend);
        await backend.SendToAsync(new byte[] { 0, 65 }, session);
        Assert.Equal([0, 65], await ReceiveAsync(client));
        await Wait.Until(() => File.Exists(path) && File.ReadAllLines(path).Length == 3, "three lines in the log");
        var from = client.LocalEndPoint!.ToString();
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.EndsWith($"Z game: s {from} > 2 \"hi\"", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($"Z game: s {from} > 2 \"\\x22\\x0a\"", lines[1], StringComparison.Ordinal);
        Assert.EndsWith($"Z game: s {from} < 2 \"\\x00A\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tee_copies_each_datagram_and_drops_the_answers()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var mirror = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        using var client = await ClientAsync(
            harness,
            backend,
            [Tee],
            others: harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!))
        );
        client.SendTrainsOf(Segment);
        var data = Noise(3 * Segment);
        await client.SendAsync(data);
        for (var offset = 0; offset < data.Length; offset += Segment)
        {
            Assert.Equal(data[offset..(offset + Segment)], await ReceiveAsync(client));
            var (copy, from) = await ReceiveFromAsync(mirror);
            Assert.Equal(data[offset..(offset + Segment)], copy);
            await mirror.SendToAsync(new byte[] { 99 }, from);
        }
        await harness.SyncAsync();
        Assert.Equal(0, client.Available);
        Assert.Equal(data.Length, harness.Counters.BytesOut);
        Assert.Equal(1, harness.Observed.Backends.Single(one => one.Upstream == "mirror").Counters.Active);
        Assert.Equal(0, harness.Counters.Dropped);
    }

    [Fact]
    public async Task A_tee_whose_backend_is_away_costs_the_session_nothing_and_finds_another()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var mirror = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        var dead = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        using var client = await ClientAsync(
            harness,
            backend,
            [Tee],
            others: harness.Destination(
                "mirror",
                PlaneHarness.Backend(dead),
                PlaneHarness.Backend(mirror.LocalEndPoint!)
            )
        );
        // Round robin: of two choices one is the dead one, and the news of it may come before or with the next datagram.
        for (byte number = 0; harness.Counters.DroppedCopies == 0; number++)
        {
            Assert.Equal([number], await AskAsync(client, [number]));
            Assert.InRange(number, 0, 2);
            await harness.SyncAsync();
            using var other = await OpenAsync(IPAddress.Loopback, client.RemoteEndPoint!);
            Assert.Equal([number], await AskAsync(other, [number]));
            await harness.SyncAsync();
        }
        // The news may be another session's: then one more copy of this one's is lost.
        var copies = new List<byte>();
        await Wait.Until(
            async () =>
            {
                Assert.Equal([77], await AskAsync(client, [77]));
                await harness.SyncAsync();
                while (mirror.Available > 0)
                {
                    copies.Add((await ReceiveAsync(mirror))[0]);
                }
                return copies.Contains(77);
            },
            "a copy to come to the backend that is there"
        );
        Assert.InRange(harness.Counters.DroppedCopies, 1, 2);
        Assert.Equal(0, harness.Counters.ConnectFailures);
    }

    [Fact]
    public async Task A_tee_without_a_backend_counts_each_copy()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [Tee], others: harness.Destination("mirror"));
        client.SendTrainsOf(Segment);
        await client.SendAsync(new byte[3 * Segment]);
        Assert.Equal(Enumerable.Repeat(Segment, 3), await ReceiveSizesAsync(backend, 3));
        await Wait.Until(() => harness.Counters.DroppedCopies == 3, "three copies to be counted");
        Assert.Equal(3, harness.Counters.Dropped);
    }

    [Fact]
    public async Task Stages_of_one_direction_leave_the_trains_of_the_other_whole()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [new("r", new RateLimitStage(1 << 30, 1 << 30), null)]);
        client.TakeTrains();
        client.SendTrainsOf(Segment);
        backend.TakeTrains();
        backend.SendTrainsOf(Segment);
        var data = Noise(5 * Segment);
        await client.SendAsync(data);
        EndPoint? session = null;
        for (var offset = 0; offset < data.Length; offset += Segment)
        {
            (var datagram, session) = await ReceiveFromAsync(backend);
            Assert.Equal(data[offset..(offset + Segment)], datagram);
        }
        await backend.SendToAsync(data, session!);
        Assert.Equal(data, await ReceiveAsync(client));
    }

    [Fact]
    public async Task A_wildcard_listener_answers_through_stages_from_where_it_was_asked()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        Items<PlaneStage> stages = [new("r", new RateLimitStage(1 << 30, 1 << 30), null)];
        foreach (var address in new[] { "127.0.0.2", "::1" })
        {
            var asked = IPAddress.Parse(address);
            var port = await ServeAsync(harness, null, backend, stages, stages);
            using var client = await OpenAsync(
                asked.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : asked,
                new IPEndPoint(asked, port)
            );
            // A connected socket hears nobody else.
            Assert.Equal([1, 2], await AskAsync(client, [1, 2]));
        }
    }

    [Fact]
    public async Task Sessions_of_one_question_end_with_what_a_stage_makes_of_it()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 2, UdpResponses = 1 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [Simple(BuiltInStage.Echo)]);
        client.SendTrainsOf(Segment);
        // Two requests are a session's, and one answer.
        await client.SendAsync(new byte[4 * Segment]);
        Assert.Equal(Enumerable.Repeat(Segment, 2), await ReceiveSizesAsync(client, 2));
        await Wait.Until(() => harness.Counters.DroppedReplies == 2, "the answers that nobody wants");
        await harness.UntilActiveAsync(0);
        Assert.Equal(2, harness.Counters.Total);
    }

    [Fact]
    public async Task Requests_that_a_stage_keeps_count()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 3 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await ClientAsync(harness, backend, [Simple(BuiltInStage.Discard)]);
        client.SendTrainsOf(Segment);
        await client.SendAsync(new byte[7 * Segment]);
        await Wait.Until(() => harness.Counters.Total == 3, "the third session to begin");
        // No answer can come to those that are full.
        await harness.UntilActiveAsync(1);
    }

    [Fact]
    public async Task A_flood_through_stages_keeps_nothing()
    {
        const int Rounds = 200;
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { MaxUdpSessions = PlaneHarness.Loops };
        using var backend = Open(IPAddress.Loopback);
        using var mirror = Open(IPAddress.Loopback);
        Items<PlaneStage> stages = [new("r", new RateLimitStage(1, Segment), null), Tee];
        var target = new IPEndPoint(
            IPAddress.Loopback,
            await ServeAsync(
                harness,
                IPAddress.Loopback,
                backend,
                stages,
                default,
                harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!))
            )
        );
        var sockets = Sockets.Count();
        for (var round = 1; round <= Rounds; round++)
        {
            using var client = await OpenAsync(IPAddress.Loopback, target);
            client.SendTrainsOf(Segment);
            await client.SendAsync(new byte[10 * Segment]);
            Assert.Equal(Segment, (await ReceiveAsync(backend)).Length);
            Assert.Equal(Segment, (await ReceiveAsync(mirror)).Length);
            await Wait.Until(() => harness.Counters.DroppedByRate == 9 * round, "nine of ten to be dropped");
        }
        Assert.InRange(harness.Counters.Active, 1, PlaneHarness.Loops);
        // For each session one to the backend, and one for the copy.
        Assert.InRange(Sockets.Count() - sockets, 0, 2 * PlaneHarness.Loops);
        foreach (var loop in harness.Plane.EventLoops)
        {
            Assert.Equal(0, await harness.BuffersInUseAsync(loop));
        }
    }

    private static PlaneStage Tee => new("t", new TeeStage("mirror"), 1);

    private static PlaneStage Simple(BuiltInStage kind) => new("s", new SimpleStage(kind), null);

    private static async Task<Socket> ClientAsync(
        PlaneHarness harness,
        Socket backend,
        Items<PlaneStage> ingress,
        Items<PlaneStage> egress = default,
        PlaneDestination? others = null
    )
    {
        var port = await ServeAsync(harness, IPAddress.Loopback, backend, ingress, egress, others);
        return await OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
    }

    private static async Task<int> ServeAsync(
        PlaneHarness harness,
        IPAddress? address,
        Socket backend,
        Items<PlaneStage> ingress,
        Items<PlaneStage> egress,
        PlaneDestination? others = null
    )
    {
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var service = harness.Service(ListenerProtocol.Udp, address, port);
        var own = harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!));
        var route = new PlaneRoute
        {
            Path = "services.s.routes[0]",
            Action = new PlaneForward(0),
            Ingress = ingress,
            Egress = egress,
        };
        var listener = service.Listeners[0] with
        {
            Destinations = others is null ? [own] : [own, others],
            Routes = [route],
        };
        await harness.ApplyAsync(harness.Table(service with { Listeners = [listener] }));
        return port;
    }
}
