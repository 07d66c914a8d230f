using System.Net.Sockets;
using System.Text;
using Fulcrum.Loops;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

public sealed class TcpStreamTests
{
    [Fact]
    public async Task A_client_that_ended_its_direction_still_gets_the_answer()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();

        await client.SendAllAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", Encoding.UTF8.GetString(await server.ReceiveToEndAsync()));

        var answer = new byte[1_000_000];
        Random(7).NextBytes(answer);
        var sending = server.SendAllAsync(answer);
        var received = await client.ReceiveExactlyAsync(answer.Length);
        await sending;
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(answer, received);
        Assert.Empty(await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
        Assert.Equal(8, harness.Counters.BytesIn);
        Assert.Equal(answer.Length, harness.Counters.BytesOut);
    }

    [Fact]
    public async Task A_backend_that_ended_its_direction_still_gets_the_upload()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();

        server.Shutdown(SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
        await client.SendAllAsync("upload"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("upload", Encoding.UTF8.GetString(await server.ReceiveToEndAsync()));
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task Two_streams_of_64_MiB_pass_each_other_unharmed()
    {
        const int Size = 64 * 1024 * 1024;
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();

        await Task.WhenAll(
            SendAsync(client, 1, Size),
            SendAsync(server, 2, Size),
            CheckAsync(client, 2, Size),
            CheckAsync(server, 1, Size)
        );
        await harness.UntilActiveAsync(0);
        Assert.Equal(Size, harness.Counters.BytesIn);
        Assert.Equal(Size, harness.Counters.BytesOut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_slow_reader_costs_one_buffer_or_pipe_and_loses_nothing(int pipes)
    {
        const int Size = 32 * 1024 * 1024;
        await using var harness = new PlaneHarness(loop: new LoopOptions { MaxPipes = pipes });
        using var listener = Sockets.Listen();
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!))
        );
        using var server = await listener.AcceptOneAsync();

        var sending = SendAsync(server, 3, Size);
        await Wait.Until(
            async () => await BuffersAsync(harness) == 1 - pipes && SplicedNow(harness) == pipes,
            "the relay to keep what nobody reads"
        );
        await CheckAsync(client, 3, Size);
        await sending;
        Assert.Equal(0, await BuffersAsync(harness));
        client.Shutdown(SocketShutdown.Send);
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, SplicedNow(harness));
    }

    [Fact]
    public async Task A_reset_of_either_side_resets_the_other()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(listener.LocalEndPoint!));

        var client = await Sockets.ConnectAsync(target);
        using (var server = await listener.AcceptOneAsync())
        {
            await client.SendAllAsync("x"u8.ToArray());
            _ = await server.ReceiveExactlyAsync(1);
            client.Abort();
            await server.AssertResetAsync();
        }
        using (client = await Sockets.ConnectAsync(target))
        {
            var server = await listener.AcceptOneAsync();
            await client.SendAllAsync("x"u8.ToArray());
            _ = await server.ReceiveExactlyAsync(1);
            server.Abort();
            await client.AssertResetAsync();
        }
        await harness.UntilActiveAsync(0);
        Assert.Equal(2, harness.Counters.Resets);
    }

    private static Random Random(int seed) => new(seed);

    private static int SplicedNow(PlaneHarness harness) => harness.Plane.LoopPlanes.Sum(plane => plane.Spliced);

    private static async Task<int> BuffersAsync(PlaneHarness harness)
    {
        var sum = 0;
        foreach (var loop in harness.Plane.EventLoops)
        {
            sum += await harness.BuffersInUseAsync(loop);
        }
        return sum;
    }

    private static async Task SendAsync(Socket socket, int seed, int size)
    {
        var random = Random(seed);
        var buffer = new byte[100_000];
        for (var sent = 0; sent < size; )
        {
            random.NextBytes(buffer);
            var count = Math.Min(buffer.Length, size - sent);
            await socket.SendAllAsync(buffer.AsMemory(0, count));
            sent += count;
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task CheckAsync(Socket socket, int seed, int size)
    {
        var random = Random(seed);
        var expected = new byte[100_000];
        for (var checkedBytes = 0; checkedBytes < size; )
        {
            random.NextBytes(expected);
            var count = Math.Min(expected.Length, size - checkedBytes);
            var received = await socket.ReceiveExactlyAsync(count);
            Assert.True(received.AsSpan().SequenceEqual(expected.AsSpan(0, count)), $"wrong after {checkedBytes}");
            checkedBytes += count;
        }
        Assert.Empty(await socket.ReceiveToEndAsync());
    }
}
