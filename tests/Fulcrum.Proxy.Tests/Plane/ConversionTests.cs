using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients of streams, and backends that speak datagrams or messages.</summary>
public sealed class ConversionTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_piece_of_a_stream_is_a_datagram_and_each_datagram_a_piece()
    {
        await using var harness = new PlaneHarness { Connect = new() { Protocol = ConnectProtocol.Udp } };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        await client.SendAllAsync("question"u8.ToArray());
        var (question, from) = await ReceiveAsync(backend);
        Assert.Equal("question"u8.ToArray(), question);
        await backend.SendToAsync("ans"u8.ToArray(), from);
        await backend.SendToAsync(Array.Empty<byte>(), from);
        await backend.SendToAsync("wer"u8.ToArray(), from);
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveExactlyAsync(6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50_000)]
    public async Task With_their_lengths_before_them_datagrams_stay_what_they_are(int pieces)
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { Protocol = ConnectProtocol.Udp, Framing = Framing.Length },
        };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        var target = await harness.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!));
        using var client = await Sockets.ConnectAsync(target);
        var random = new Random(pieces);
        EndPoint? from = null;
        for (var round = 0; round < 30; round++)
        {
            var question = Random(random, pieces == 1 ? 300 : 60_000);
            var framed = Framed(question);
            foreach (var piece in framed.Chunk(Math.Max(pieces, framed.Length / 500)))
            {
                await client.SendAllAsync(piece);
            }
            (var got, from) = await ReceiveAsync(backend);
            Assert.Equal(question, got);
            var answer = Random(random, 60_000);
            await backend.SendToAsync(answer, from);
            Assert.Equal(Framed(answer), await client.ReceiveExactlyAsync(answer.Length + 2));
        }
        // Several in one piece, and one without a byte.
        await client.SendAllAsync((byte[])[0, 1, 7, 0, 0, 0, 2, 8, 9]);
        Assert.Equal([7], (await ReceiveAsync(backend)).Data);
        Assert.Equal([8, 9], (await ReceiveAsync(backend)).Data);
    }

    [Fact]
    public async Task A_client_that_has_asked_and_ended_gets_its_answers_for_a_while()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider())
        {
            Connect = new() { Protocol = ConnectProtocol.Udp, Framing = Framing.Length },
        };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        await client.SendAllAsync(Framed("q"u8.ToArray()));
        client.Shutdown(SocketShutdown.Send);
        var (_, from) = await ReceiveAsync(backend);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        await backend.SendToAsync("a"u8.ToArray(), from);
        Assert.Equal(Framed("a"u8.ToArray()), await client.ReceiveExactlyAsync(3));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(1, harness.Counters.Active);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
        Assert.Equal((0, 0), (harness.Counters.IdleTimeouts, harness.Counters.Resets));
    }

    [Fact]
    public async Task A_backend_that_is_not_there_breaks_the_session_and_is_told_of()
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { Protocol = ConnectProtocol.Udp },
            EjectAfter = 1,
        };
        var complaints = new Complaints();
        harness.Plane.Complaints = complaints;
        var dead = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort(ProtocolType.Udp));
        using var client = await Sockets.ConnectAsync(await harness.ServeTcpAsync(PlaneHarness.Backend(dead)));
        await client.SendAllAsync("anybody?"u8.ToArray());
        await client.AssertResetAsync();
        await Wait.Until(() => complaints.Count == 1, "a complaint");
    }

    [Fact]
    public async Task A_unix_socket_for_datagrams_is_answered_too()
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { Protocol = ConnectProtocol.UnixDatagram, Framing = Framing.Length },
        };
        using var backend = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        backend.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("app.sock")));
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(_folder.PathOf("app.sock")))
        );
        // More than its queue holds: it is slow at first.
        var random = new Random(5);
        var questions = Enumerable.Range(0, 100).Select(_ => Random(random, 3000)).ToArray();
        var sending = Task.Run(async () =>
        {
            foreach (var question in questions)
            {
                await client.SendAllAsync(Framed(question));
            }
        });
        foreach (var question in questions)
        {
            var (got, from) = await ReceiveAsync(backend);
            Assert.Equal(question, got);
            await backend.SendToAsync(got, from);
            Assert.Equal(Framed(got), await client.ReceiveExactlyAsync(got.Length + 2));
        }
        await sending;
    }

    [Fact]
    public async Task A_socket_for_messages_gets_them_and_ends_when_the_client_does()
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { Protocol = ConnectProtocol.UnixSeqpacket, Framing = Framing.Length },
        };
        using var listener = UnixSockets.Listen(_folder.PathOf("app.sock"), SocketType.Seqpacket);
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(_folder.PathOf("app.sock")))
        );
        await client.SendAllAsync((byte[])[.. Framed("one"u8.ToArray()), .. Framed("two"u8.ToArray())]);
        using var server = await listener.AcceptOneAsync();
        var buffer = new byte[70_000];
        Assert.Equal(3, await server.ReceiveSomeAsync(buffer));
        Assert.Equal(3, await server.ReceiveSomeAsync(buffer));
        await client.SendAllAsync((byte[])[0, 9, 1]);
        client.Shutdown(SocketShutdown.Send);
        // A message that was cut off is none.
        Assert.Equal(0, await server.ReceiveSomeAsync(buffer));
        await server.SendAsync("three"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(Framed("three"u8.ToArray()), await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task Framed_datagrams_allocate_nothing_on_the_loops()
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { Protocol = ConnectProtocol.Udp, Framing = Framing.Length },
        };
        using var backend = Datagrams.Open(IPAddress.Loopback);
        using var client = await Sockets.ConnectAsync(
            await harness.ServeTcpAsync(PlaneHarness.Backend(backend.LocalEndPoint!))
        );
        var framed = Framed(new byte[500]);
        var buffer = new byte[600];
        await Allocations.AssertNoneAsync(
            harness,
            () =>
            {
                client.Send(framed);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.Equal(500, backend.ReceiveFrom(buffer, ref from));
                backend.SendTo(buffer.AsSpan(0, 500), from);
                for (var have = 0; have < framed.Length; )
                {
                    have += client.Receive(buffer.AsSpan(have));
                }
            }
        );
    }

    private static byte[] Framed(byte[] message)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        return framed;
    }

    private static byte[] Random(Random random, int most)
    {
        var message = new byte[random.Next(1, most)];
        random.NextBytes(message);
        return message;
    }

    private static async Task<(byte[] Data, EndPoint From)> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[70_000];
        EndPoint any =
            socket.AddressFamily == AddressFamily.Unix
                ? new UnixDomainSocketEndPoint("/")
                : new IPEndPoint(IPAddress.Any, 0);
        var result = await socket.ReceiveFromAsync(buffer, any).WaitAsync(Bound);
        return (buffer[..result.ReceivedBytes], result.RemoteEndPoint);
    }

    private sealed class Complaints : IPassiveListener
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void OnSignal(PassiveSignal signal) => Interlocked.Increment(ref _count);
    }
}
