using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Connections that keep the bounds of messages.</summary>
public sealed class MessageTests : IDisposable
{
    private const int Longest = 64 * 1024;

    private readonly TemporaryDirectory _folder = new();

    private string Path => _folder.PathOf("in.sock");

    private string BackendPath => _folder.PathOf("app.sock");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public async Task Each_message_comes_as_one_both_ways_whatever_its_size(int buffers)
    {
        await using var harness = new PlaneHarness(loop: new LoopOptions { MaxBuffers = buffers });
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        await Task.WhenAll(
            SendAsync(client, 1),
            SendAsync(server, 2),
            ReceiveAsync(server, 1),
            ReceiveAsync(client, 2)
        );
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveSomeAsync(new byte[1]));
        await server.SendAsync("last"u8.ToArray());
        Assert.Equal(4, await client.ReceiveSomeAsync(new byte[9]));
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveSomeAsync(new byte[1]));
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task A_receiver_that_is_slow_loses_no_message_and_no_bound()
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        var sending = SendAsync(client, 3);
        await Wait.Until(
            () => harness.Plane.Loops.Count > 0 && harness.Counters.BytesIn > 100_000,
            "the queues to fill"
        );
        await ReceiveAsync(server, 3);
        await sending;
    }

    [Fact]
    public async Task A_message_that_is_too_long_ends_the_session_and_is_counted()
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        await client.SendAsync(new byte[Longest]);
        var buffer = new byte[2 * Longest];
        Assert.Equal(Longest, await server.ReceiveSomeAsync(buffer));
        await client.SendAsync(new byte[Longest + 1]);
        Assert.Equal(0, await server.ReceiveSomeAsync(buffer));
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.DroppedTooLong);
        Assert.Equal(0, harness.Counters.Resets);
    }

    [Fact]
    public async Task A_message_without_a_byte_is_dropped_and_ends_nothing()
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        await client.SendAsync(Array.Empty<byte>());
        await client.SendAsync("next"u8.ToArray());
        Assert.Equal(4, await server.ReceiveSomeAsync(new byte[9]));
    }

    [Fact]
    public async Task A_backend_that_dies_takes_the_session_with_it()
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using (var server = await listener.AcceptOneAsync())
        {
            await server.SendAsync("bye"u8.ToArray());
        }
        Assert.Equal(3, await client.ReceiveSomeAsync(new byte[9]));
        Assert.Equal(0, await client.ReceiveSomeAsync(new byte[9]));
        client.Close();
        await harness.UntilActiveAsync(0);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("limit")]
    [InlineData("none")]
    public async Task Stages_see_one_message_at_a_time(string kind)
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        StageSpec spec = kind switch
        {
            "echo" => new SimpleStage(BuiltInStage.Echo),
            "limit" => new RateLimitStage(1 << 26, 1000),
            _ => new LoggerStage(null, null),
        };
        await ServeAsync(harness, new PlaneStage("s", spec, null));
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        var receiver = kind == "echo" ? client : server;
        await Task.WhenAll(SendAsync(client, 4, 60), ReceiveAsync(receiver, 4, 60));
    }

    [Fact]
    public async Task Messages_allocate_nothing_on_the_loops()
    {
        await using var harness = new PlaneHarness();
        using var listener = UnixSockets.Listen(BackendPath, SocketType.Seqpacket);
        await ServeAsync(harness);
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        using var server = await listener.AcceptOneAsync();
        var (sent, got) = (new byte[700], new byte[Longest]);

        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(sent);
                Assert.Equal(sent.Length, server.Receive(got));
                server.Send(sent);
                Assert.Equal(sent.Length, client.Receive(got));
            }
        );
    }

    [Fact]
    public async Task Whoever_takes_bytes_gets_all_messages_one_after_the_other()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(
                    UnixSockets.Listener(Path, ListenerProtocol.UnixSeqpacket),
                    PlaneHarness.Backend(listener.LocalEndPoint!)
                )
            )
        );
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
        await client.SendAsync("one"u8.ToArray());
        await client.SendAsync("two"u8.ToArray());
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("onetwo"u8.ToArray(), await server.ReceiveExactlyAsync(6));
        await server.SendAllAsync("three"u8.ToArray());
        Assert.Equal(5, await client.ReceiveSomeAsync(new byte[9]));
    }

    private Task ServeAsync(PlaneHarness harness, params PlaneStage[] stages)
    {
        var service = harness.Service(
            UnixSockets.Listener(Path, ListenerProtocol.UnixSeqpacket),
            PlaneHarness.Backend(BackendPath)
        );
        var listener = service.Listeners[0];
        if (stages is not [])
        {
            listener = listener with
            {
                Routes =
                [
                    new PlaneRoute
                    {
                        Path = "services.s.routes[0]",
                        Action = new PlaneForward(0),
                        Ingress = [.. stages],
                    },
                ],
            };
        }
        return harness.ApplyAsync(harness.Table(service with { Listeners = [listener] }));
    }

    private static async Task SendAsync(Socket socket, int seed, int count = 400)
    {
        foreach (var message in Messages(seed, count))
        {
            Assert.Equal(message.Length, await socket.SendAsync(message).WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }

    private static async Task ReceiveAsync(Socket socket, int seed, int count = 400)
    {
        var buffer = new byte[Longest + 1];
        foreach (var message in Messages(seed, count))
        {
            var length = await socket.ReceiveSomeAsync(buffer);
            Assert.Equal(message.Length, length);
            Assert.True(message.AsSpan().SequenceEqual(buffer.AsSpan(0, length)));
        }
    }

    private static IEnumerable<byte[]> Messages(int seed, int count)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var message = new byte[random.Next(4) == 0 ? random.Next(1, Longest + 1) : random.Next(1, 2000)];
            random.NextBytes(message);
            yield return message;
        }
    }
}
