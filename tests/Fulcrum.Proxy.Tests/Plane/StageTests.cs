using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class StageTests
{
    private const int Large = 4 * 1024 * 1024;

    [Fact]
    public async Task An_echo_sends_back_what_comes_however_slowly_it_is_read_and_passes_on_the_end()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var place = await ServeAsync(harness, backend, [new("e", new SimpleStage(BuiltInStage.Echo), null)]);
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        var data = new byte[Large];
        new Random(1).NextBytes(data);
        var sending = Task.Run(async () =>
        {
            await client.SendAllAsync(data);
            client.Shutdown(SocketShutdown.Send);
        });
        var echoed = await client.ReceiveExactlyAsync(Large);
        Assert.True(data.AsSpan().SequenceEqual(echoed));
        await sending;
        await server.AssertEndAsync();
        server.Shutdown(SocketShutdown.Send);
        await client.AssertEndAsync();
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task What_is_discarded_goes_nowhere_and_the_other_direction_is_as_ever()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var place = await ServeAsync(harness, backend, [new("d", new SimpleStage(BuiltInStage.Discard), null)]);
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        await client.SendAllAsync(new byte[Large]);
        await server.SendAllAsync("answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
        client.Shutdown(SocketShutdown.Send);
        await server.AssertEndAsync();
        server.Shutdown(SocketShutdown.Send);
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task A_rate_limit_lets_the_burst_pass_and_then_what_time_allows()
    {
        var time = new ManualTimeProvider();
        await using var harness = new PlaneHarness(time);
        using var backend = Sockets.Listen();
        var place = await ServeAsync(harness, backend, [new("r", new RateLimitStage(1000, 500), null)]);
        using var client = await Sockets.ConnectAsync(place);
        await client.SendAllAsync(new byte[2000]);
        client.Shutdown(SocketShutdown.Send);
        using var server = await backend.AcceptOneAsync();
        _ = await server.ReceiveExactlyAsync(500);
        await harness.SyncAsync();
        Assert.Equal(500, harness.Counters.BytesIn);
        for (var passed = 0; passed < 10; passed++)
        {
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        }
        // A second later a thousand more, but for what does not come to the least that is worth a read.
        Assert.InRange(harness.Counters.BytesIn, 1500 - 10, 1500);
        for (var passed = 0; passed < 10; passed++)
        {
            await harness.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        }
        _ = await server.ReceiveExactlyAsync(1500);
        await server.AssertEndAsync();
        Assert.Equal(2000, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task A_logger_writes_a_line_for_each_piece_in_both_directions()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("stage.log");
        await using (var harness = new PlaneHarness())
        {
            using var backend = Sockets.Listen();
            Items<PlaneStage> stages = [new("l", new LoggerStage(path, "game:"), null)];
            var place = await ServeAsync(harness, backend, stages, stages);
            using var client = await Sockets.ConnectAsync(place);
            using var server = await backend.AcceptOneAsync();
            await client.SendAllAsync("say \"hi\"\n"u8.ToArray());
            _ = await server.ReceiveExactlyAsync(9);
            await server.SendAllAsync(new byte[] { 0, 65 });
            _ = await client.ReceiveExactlyAsync(2);
            await Wait.Until(() => File.Exists(path) && File.ReadAllLines(path).Length == 2, "two lines in the log");
            var from = client.LocalEndPoint!.ToString();
            var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            Assert.EndsWith($"Z game: s {from} > 9 \"say \\x22hi\\x22\\x0a\"", lines[0], StringComparison.Ordinal);
            Assert.EndsWith($"Z game: s {from} < 2 \"\\x00A\"", lines[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_tee_sends_a_whole_copy_and_drops_the_answers()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            backend,
            [new("t", new TeeStage("mirror"), 1)],
            others: harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!))
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        using var copy = await mirror.AcceptOneAsync();
        await client.SendAllAsync("question"u8.ToArray());
        Assert.Equal("question"u8.ToArray(), await server.ReceiveExactlyAsync(8));
        Assert.Equal("question"u8.ToArray(), await copy.ReceiveExactlyAsync(8));
        await copy.SendAllAsync("nobody reads this"u8.ToArray());
        await server.SendAllAsync("answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
        client.Shutdown(SocketShutdown.Send);
        await copy.AssertEndAsync();
        server.Shutdown(SocketShutdown.Send);
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.MirrorsLost);
    }

    [Fact]
    public async Task A_tee_whose_backend_is_away_or_does_not_read_costs_the_session_nothing()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var mirror = Sockets.Listen();
        var place = await ServeAsync(
            harness,
            backend,
            [new("t", new TeeStage("mirror"), 1)],
            others: harness.Destination("mirror", PlaneHarness.Backend(mirror.LocalEndPoint!))
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        var sending = client.SendAllAsync(new byte[8 * Large]);
        _ = await server.ReceiveExactlyAsync(8 * Large);
        await sending;
        Assert.Equal(1, harness.Counters.MirrorsLost);
        mirror.Dispose();
        using var second = await Sockets.ConnectAsync(place);
        using var served = await backend.AcceptOneAsync();
        await second.SendAllAsync("x"u8.ToArray());
        _ = await served.ReceiveExactlyAsync(1);
        await Wait.Until(() => harness.Counters.MirrorsLost == 2, "the second copy to be given up");
    }

    [Fact]
    public async Task Stages_stand_one_behind_the_other()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        using var folder = new TemporaryDirectory();
        var (before, after) = (folder.PathOf("before"), folder.PathOf("after"));
        var place = await ServeAsync(
            harness,
            backend,
            [
                new("a", new LoggerStage(before, null), null),
                new("d", new SimpleStage(BuiltInStage.Discard), null),
                new("b", new LoggerStage(after, null), null),
            ]
        );
        using var client = await Sockets.ConnectAsync(place);
        using var server = await backend.AcceptOneAsync();
        await client.SendAllAsync("x"u8.ToArray());
        await Wait.Until(() => File.Exists(before), "the first stage to write");
        client.Shutdown(SocketShutdown.Send);
        await server.AssertEndAsync();
        Assert.False(File.Exists(after));
    }

    private static Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        Socket backend,
        Items<PlaneStage> ingress,
        Items<PlaneStage> egress = default,
        params PlaneDestination[] others
    ) =>
        harness.ServeRoutesAsync(
            [PlaneHarness.Route(0) with { Ingress = ingress, Egress = egress }],
            [harness.Destination("u", PlaneHarness.Backend(backend.LocalEndPoint!)), .. others]
        );
}
