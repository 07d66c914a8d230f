using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What becomes of a tee's copy, and what is counted, when something happens to it or to its session.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task A_copy_that_nobody_takes_is_lost_and_the_session_goes_on()
    {
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        scene.Mirror.Dispose();
        var (client, server) = await ConnectAsync(scene);
        await AskAsync(client, server);
        await Wait.Until(() => scene.Harness.Counters.MirrorsLost == 1, "the copy to be given up");
        await EndAsync(client, server);
        await AssertOverAsync(scene, lost: 1, new() { Total = 1, ConnectFailures = 1 });
    }

    [Fact]
    public async Task A_copy_whose_backend_resets_it_is_lost_and_is_no_failure_to_connect()
    {
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        var (client, server) = await ConnectAsync(scene);
        var copy = await scene.Mirror.AcceptOneAsync();
        await AskAsync(client, server);
        _ = await copy.ReceiveExactlyAsync(3);
        copy.Abort();
        await Wait.Until(() => scene.Harness.Counters.MirrorsLost == 1, "the copy to be given up");
        await EndAsync(client, server);
        await AssertOverAsync(scene, lost: 1, new() { Total = 1 });
    }

    [Fact]
    public async Task A_copy_that_is_whole_may_be_closed_before_the_session_is_over()
    {
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        var (client, server) = await ConnectAsync(scene);
        var copy = await scene.Mirror.AcceptOneAsync();
        await AskAsync(client, server);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("ask"u8.ToArray(), await copy.ReceiveToEndAsync());
        copy.Dispose();
        await Wait.Until(() => MirrorOf(scene).Active == 0, "the copy to be over");
        await server.AssertEndAsync();
        await server.SendAllAsync("answer"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveToEndAsync());
        await AssertOverAsync(scene, lost: 0, new() { Total = 1 }, bytesOut: 6);
    }

    [Fact]
    public async Task A_copy_is_reset_with_its_session_and_not_lost()
    {
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        var (client, server) = await ConnectAsync(scene);
        using var copy = await scene.Mirror.AcceptOneAsync();
        await AskAsync(client, server);
        _ = await copy.ReceiveExactlyAsync(3);
        client.Abort();
        await server.AssertEndsAsync(Ending.Reset);
        await copy.AssertEndsAsync(Ending.Reset);
        await AssertOverAsync(scene, lost: 0, new() { Total = 1 }, resets: 1);
    }

    [Fact]
    public async Task A_copy_that_the_end_of_its_session_cuts_short_is_lost()
    {
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        scene.Mirror.Listen(0);
        var fillers = await scene.Mirror.FillAsync();
        var (client, server) = await ConnectAsync(scene);
        await AskAsync(client, server);
        await EndAsync(client, server);
        await AssertOverAsync(scene, lost: 1, new() { Total = 1 });
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public async Task The_answers_to_a_copy_are_dropped_however_many_they_are()
    {
        const int Flood = 32 * 1024 * 1024;
        await using var scene = await Scene.ServeAsync(Setting.TeedIn);
        var (client, server) = await ConnectAsync(scene);
        using var copy = await scene.Mirror.AcceptOneAsync();
        await copy.SendAllAsync(new byte[Flood]);
        await AskAsync(client, server);
        Assert.Equal("ask"u8.ToArray(), await copy.ReceiveExactlyAsync(3));
        await EndAsync(client, server);
        await copy.AssertEndAsync();
        await AssertOverAsync(scene, lost: 0, new() { Total = 1 });
    }

    private static async Task<(Socket Client, Socket Server)> ConnectAsync(Scene scene)
    {
        var client = await scene.ConnectAsync();
        return (client, await scene.Listener.AcceptOneAsync());
    }

    private static async Task AskAsync(Socket client, Socket server)
    {
        await client.SendAllAsync("ask"u8.ToArray());
        Assert.Equal("ask"u8.ToArray(), await server.ReceiveExactlyAsync(3));
    }

    private static async Task EndAsync(Socket client, Socket server)
    {
        client.Shutdown(SocketShutdown.Send);
        await server.AssertEndAsync();
        server.Shutdown(SocketShutdown.Send);
        await client.AssertEndAsync();
    }

    private static SessionCounters MirrorOf(Scene scene) =>
        scene.Harness.Plane.Observe().Services[0].Backends.Single(one => one.Upstream == "m").Counters;

    private static async Task AssertOverAsync(
        Scene scene,
        int lost,
        SessionCounters ofMirror,
        int bytesOut = 0,
        int resets = 0
    )
    {
        SessionCounters expected = new()
        {
            Total = 1,
            BytesIn = 3,
            BytesOut = bytesOut,
            Resets = resets,
        };
        await scene.AssertOverAsync(expected with { MirrorsLost = lost }, expected);
        Assert.Equal(ofMirror, MirrorOf(scene));
    }
}
