using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What a client sees, and what is counted, when something happens before its session is open.</summary>
public sealed class EntranceTests
{
    private static readonly SessionCounters OneRefused = new() { Total = 1, RefusedByPreface = 1 };
    private static readonly SessionCounters OneReset = new() { Total = 1, Resets = 1 };
    private static readonly SessionCounters OneLate = new() { Total = 1, PrefaceTimeouts = 1 };
    private static readonly SessionCounters OneFailure = new() { Total = 1, ConnectFailures = 1 };

    /// <summary>How much of its beginning is said, what happens then, and what is counted.</summary>
    public static TheoryData<Setting, Saying, Cause, SessionCounters> Beginnings
    {
        get
        {
            var data = new TheoryData<Setting, Saying, Cause, SessionCounters>();
            foreach (var setting in new[] { Setting.Prefaced, Setting.Named })
            {
                data.Add(setting, Saying.Nothing, Cause.ClientEnds, new() { Total = 1 });
                data.Add(setting, Saying.Nothing, Cause.ClientResets, OneReset);
                data.Add(setting, Saying.Nothing, Cause.Silence, OneLate);
                data.Add(setting, Saying.Half, Cause.ClientEnds, OneRefused);
                data.Add(setting, Saying.Half, Cause.ClientResets, OneReset);
                data.Add(setting, Saying.Half, Cause.Silence, OneLate);
                data.Add(setting, Saying.Broken, Cause.ClientEnds, OneRefused);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task Who_does_not_begin_as_he_must_costs_no_backend(
        Setting setting,
        Saying saying,
        Cause cause,
        SessionCounters expected
    )
    {
        await using var scene = await Scene.ServeAsync(setting);
        using var client = await scene.ConnectAsync();
        await client.SendAllAsync(
            saying switch
            {
                Saying.Half => scene.Opening[..9],
                Saying.Broken => Broken(setting, scene.Opening),
                _ => [],
            }
        );
        await Wait.Until(() => scene.Harness.Counters.Total == 1, "the client to be accepted");
        await scene.Harness.SyncAsync();
        switch (cause)
        {
            case Cause.ClientEnds when saying != Saying.Broken:
                client.Shutdown(SocketShutdown.Send);
                break;
            case Cause.ClientResets:
                client.Abort();
                break;
            case Cause.Silence:
                var bound = scene.Harness.Client.PrefaceTimeout;
                await scene.Harness.AdvanceAsync(bound - TimeSpan.FromMilliseconds(1));
                Assert.Equal(1, scene.Harness.Counters.Active);
                await scene.Harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
                break;
            default:
                break;
        }
        await client.AssertEndsAsync(cause == Cause.ClientResets ? Ending.Nothing : Ending.Reset);
        await scene.AssertOverAsync(expected, default(SessionCounters));
        Assert.False(scene.Listener.Poll(0, SelectMode.SelectRead));
    }

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Unix)]
    [InlineData(Setting.Prefaced)]
    [InlineData(Setting.Named)]
    public async Task Who_says_all_byte_by_byte_and_ends_at_once_gets_his_answer(Setting setting)
    {
        await using var scene = await Scene.ServeAsync(setting);
        using var client = await scene.ConnectAsync();
        byte[] all = [.. scene.Opening, .. "ask"u8];
        foreach (var octet in all)
        {
            await client.SendAllAsync(new[] { octet });
        }
        client.Shutdown(SocketShutdown.Send);
        using var server = await scene.Listener.AcceptOneAsync();
        var passed = await server.ReceiveToEndAsync();
        Assert.Equal(setting == Setting.Named ? all : "ask"u8.ToArray(), passed);
        await server.SendAllAsync("answer"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveToEndAsync());
        SessionCounters expected = new()
        {
            Total = 1,
            BytesIn = passed.Length,
            BytesOut = 6,
        };
        await scene.AssertOverAsync(expected);
    }

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Unix)]
    [InlineData(Setting.Limited)]
    [InlineData(Setting.Teed)]
    [InlineData(Setting.ClientEchoed)]
    public async Task A_client_that_never_says_a_word_ends_by_the_clock(Setting setting)
    {
        await using var scene = await Scene.ServeAsync(setting);
        using var client = await scene.ConnectAsync();
        using var server = await scene.Listener.AcceptOneAsync();
        await UntilConnectedAsync(scene);
        await scene.Harness.AdvanceAsync(Scene.IdleTimeout);
        await client.AssertEndsAsync(Ending.Reset);
        await server.AssertEndsAsync(setting == Setting.Unix ? Ending.End : Ending.Reset);
        await scene.AssertOverAsync(new() { Total = 1, IdleTimeouts = 1 });
    }

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Unix)]
    [InlineData(Setting.Prefaced)]
    [InlineData(Setting.Named)]
    [InlineData(Setting.Teed)]
    public async Task When_the_only_backend_refuses_the_client_is_reset(Setting setting)
    {
        await using var scene = await Scene.ServeAsync(setting);
        scene.Listener.Dispose();
        await AssertTurnedAwayAsync(scene);
        await scene.AssertOverAsync(OneFailure);
    }

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Prefaced)]
    public async Task Without_a_backend_the_client_is_reset(Setting setting)
    {
        await using var scene = await Scene.ServeAsync(setting, backends: _ => []);
        await AssertTurnedAwayAsync(scene);
        await scene.AssertOverAsync(new() { Total = 1, RefusedUnserved = 1 }, null);
    }

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Prefaced)]
    [InlineData(Setting.Named)]
    public async Task Another_backend_gets_every_byte_that_the_one_that_refuses_would_have_got(Setting setting)
    {
        // By turns, on whichever of two loops they come, one of so many goes to the dead one first.
        const int Clients = 4;
        var dead = PlaneHarness.Backend(new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort()));
        await using var scene = await Scene.ServeAsync(setting, backends: scene => [dead, scene.Backend]);
        var passed = 0;
        for (var count = 0; count < Clients; count++)
        {
            using var client = await scene.ConnectAsync();
            await client.SendAllAsync((byte[])[.. scene.Opening, .. "ask"u8]);
            client.Shutdown(SocketShutdown.Send);
            using var server = await scene.Listener.AcceptOneAsync();
            passed += (await server.ReceiveToEndAsync()).Length;
            server.Shutdown(SocketShutdown.Send);
            await client.AssertEndAsync();
        }
        Assert.Equal(Clients * (3 + (setting == Setting.Named ? scene.Opening.Length : 0)), passed);
        await scene.Harness.UntilActiveAsync(0);
        var failures = scene.Harness.Counters.ConnectFailures;
        Assert.InRange(failures, 1, Clients);
        SessionCounters expected = new()
        {
            Total = Clients,
            BytesIn = passed,
            ConnectFailures = failures,
            Retries = failures,
        };
        await scene.AssertOverAsync(expected, null);
    }

    [Theory]
    [InlineData(Setting.Plain, Cause.Silence)]
    [InlineData(Setting.Plain, Cause.ClientEnds)]
    [InlineData(Setting.Plain, Cause.ClientResets)]
    [InlineData(Setting.Prefaced, Cause.Silence)]
    [InlineData(Setting.Prefaced, Cause.ClientEnds)]
    [InlineData(Setting.Named, Cause.ClientResets)]
    public async Task While_a_backend_does_not_answer(Setting setting, Cause cause)
    {
        using var silent = Sockets.Listen(backlog: 0);
        var fillers = await silent.FillAsync();
        await using var scene = await Scene.ServeAsync(
            setting,
            backends: _ => [PlaneHarness.Backend(silent.LocalEndPoint!)]
        );
        using var client = await scene.ConnectAsync();
        await client.SendAllAsync((byte[])[.. scene.Opening, .. "ask"u8]);
        await Wait.Until(() => BackendOf(scene).Active == 1, "the relay to turn to the backend");
        await scene.Harness.SyncAsync();
        if (cause == Cause.ClientResets)
        {
            client.Abort();
            await scene.AssertOverAsync(OneReset);
        }
        else
        {
            if (cause == Cause.ClientEnds)
            {
                client.Shutdown(SocketShutdown.Send);
            }
            await scene.Harness.AdvanceAsync(scene.Harness.ConnectTimeout - TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, scene.Harness.Counters.Active);
            await scene.Harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            await client.AssertEndsAsync(Ending.Reset);
            await scene.AssertOverAsync(OneFailure);
        }
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public async Task A_backend_at_a_unix_socket_may_speak_and_be_gone_at_once()
    {
        const int Rounds = 50;
        await using var scene = await Scene.ServeAsync(Setting.Unix);
        for (var round = 0; round < Rounds; round++)
        {
            var serving = Task.Run(async () =>
            {
                using var server = await scene.Listener.AcceptOneAsync();
                await server.SendAllAsync("bye"u8.ToArray());
            });
            using var client = await scene.ConnectAsync();
            Assert.Equal("bye"u8.ToArray(), await client.ReceiveToEndAsync());
            client.Shutdown(SocketShutdown.Send);
            await serving;
        }
        await scene.AssertOverAsync(new() { Total = Rounds, BytesOut = 3 * Rounds });
    }

    private static SessionCounters BackendOf(Scene scene) =>
        scene.Harness.Plane.Observe().Services[0].Backends[0].Counters;

    private static async Task UntilConnectedAsync(Scene scene)
    {
        await Wait.Until(
            () => scene.Harness.Plane.Observe().Services[0].Connects.Counts.Sum() == 1,
            "the relay to know that it is connected"
        );
        await scene.Harness.SyncAsync();
    }

    private static async Task AssertTurnedAwayAsync(Scene scene)
    {
        using var client = await Sockets.TryConnectAsync(scene.Place);
        if (client is not null)
        {
            await client.SendAllAsync(scene.Opening);
            await client.AssertEndsAsync(Ending.Reset);
        }
    }

    private static byte[] Broken(Setting setting, byte[] opening)
    {
        if (setting == Setting.Prefaced)
        {
            return "PROXY TCP4 192.0.2.1\r\n"u8.ToArray();
        }
        // The list of names is said to be longer than what it stands in.
        const int LengthOfNames = 57;
        opening[LengthOfNames] = 200;
        return opening;
    }
}
