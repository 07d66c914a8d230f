using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients that send datagrams, and backends that have connections.</summary>
public sealed class DatagramConnectionTests
{
    private const int Segment = 1000;
    private const int Frame = Segment + 2;

    /// <summary>As many of them as a buffer of the loop holds.</summary>
    private const int Held = 65_536 / Frame;

    [Fact]
    public async Task Questions_and_answers_keep_their_bounds_when_lengths_are_told()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(listener));
        await client.SendAsync(Array.Empty<byte>());
        using var server = await listener.AcceptOneAsync();
        Assert.Empty(await ReceiveFrameAsync(server));
        var all = new List<byte>();
        foreach (var size in new[] { 1, 0, 512, 9000, 65_507 })
        {
            await client.SendAsync(Noise(size, size));
            var question = await ReceiveFrameAsync(server);
            Assert.Equal(Noise(size, size), question);
            all.AddRange([(byte)(size >> 8), (byte)size, .. question]);
        }
        // All at once, and then the shorter ones octet by octet.
        await server.SendAllAsync(all.ToArray());
        foreach (var octet in all[..700])
        {
            await server.SendAllAsync(new[] { octet });
        }
        foreach (var size in new[] { 1, 0, 512, 9000, 65_507, 1, 0, 512 })
        {
            Assert.Equal(Noise(size, size), await ReceiveAsync(client));
        }
        Assert.Equal(1, harness.Counters.Total);
        Assert.Equal(1 + 512 + 9000 + 65_507, harness.Counters.BytesIn);
        Assert.Equal(harness.Counters.BytesIn + 513, harness.Counters.BytesOut);
        Assert.Equal(0, harness.Counters.Dropped);
        await AssertBuffersAsync(harness, 1);
    }

    [Fact]
    public async Task A_resolver_that_is_asked_over_tcp_answers_each_client_its_own()
    {
        const int Clients = 20;
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 1, UdpResponses = 1 };
        using var listener = Sockets.Listen();
        _ = ResolveAsync(listener);
        var target = await ServeAsync(harness, Backend(listener));
        for (var round = 0; round < 5; round++)
        {
            var clients = new List<Socket>();
            for (var index = 0; index < Clients; index++)
            {
                clients.Add(await OpenAsync(IPAddress.Loopback, target));
                await clients[index].SendAsync(Question((ushort)index, $"host{index}.example.com"));
            }
            for (var index = 0; index < Clients; index++)
            {
                var answer = await ReceiveAsync(clients[index]);
                Assert.Equal(index, BinaryPrimitives.ReadUInt16BigEndian(answer));
                Assert.Equal(0x8180, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2)));
                Assert.Equal(Question((ushort)index, $"host{index}.example.com")[12..], answer[12..]);
                clients[index].Dispose();
            }
        }
        await harness.UntilActiveAsync(0);
        Assert.Equal(5 * Clients, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.Dropped + harness.Counters.ConnectFailures);
    }

    [Fact]
    public async Task Without_lengths_bytes_run_together_and_pieces_become_datagrams()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(listener, Framing.None));
        await client.SendAsync("one"u8.ToArray());
        await client.SendAsync(Array.Empty<byte>());
        await client.SendAsync("two"u8.ToArray());
        using var server = await listener.AcceptOneAsync();
        Assert.Equal("onetwo"u8.ToArray(), await server.ReceiveExactlyAsync(6));
        await server.SendAllAsync("answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), await ReceiveAsync(client));
        // An empty one is nothing in a stream.
        Assert.Equal(1, harness.Counters.DroppedUnsent);
        Assert.Equal(1, harness.Counters.Dropped);
    }

    [Fact]
    public async Task Every_datagram_of_a_train_is_told_by_itself()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(listener));
        client.SendTrainsOf(Segment);
        for (var round = 0; round < 3; round++)
        {
            var data = Noise((20 * Segment) + 7, round);
            await client.SendAsync(data);
            using var server = await listener.AcceptOneAsync();
            for (var offset = 0; offset < data.Length; offset += Segment)
            {
                Assert.Equal(data[offset..Math.Min(offset + Segment, data.Length)], await ReceiveFrameAsync(server));
            }
            // The end of a connection is not the session's.
            server.Dispose();
            await Wait.Until(() => BackendCounters(harness).Active == 0, "the session to notice the end");
        }
        Assert.Equal(1, harness.Counters.Active);
        Assert.Equal(3, BackendCounters(harness).Total);
        Assert.Equal(1, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.Dropped);
    }

    [Fact]
    public async Task A_backend_that_refuses_is_left_for_another_and_nothing_is_lost()
    {
        await using var harness = new PlaneHarness();
        harness.EjectAfter = 1;
        var complaints = new Complaints();
        harness.Plane.Complaints = complaints;
        using var listener = Sockets.Listen();
        var dead = new IPEndPoint(IPAddress.Loopback, PlaneHarness.FreePort());
        var target = await ServeAsync(harness, Backend(dead), Backend(listener));
        for (byte number = 0; number < 4; number++)
        {
            using var client = await OpenAsync(IPAddress.Loopback, target);
            client.SendTrainsOf(Segment);
            var data = Noise(3 * Segment, number);
            await client.SendAsync(data);
            using var server = await listener.AcceptOneAsync();
            for (var offset = 0; offset < data.Length; offset += Segment)
            {
                Assert.Equal(data[offset..(offset + Segment)], await ReceiveFrameAsync(server));
            }
        }
        // Round robin: every other choice is the dead one, and the one after it is a second choice.
        var failures = harness.Counters.ConnectFailures;
        Assert.InRange(failures, 1, 4);
        Assert.Equal(failures, harness.Counters.Retries);
        Assert.Equal(failures, complaints.Count);
        Assert.Equal(0, harness.Counters.Dropped);
    }

    [Fact]
    public async Task What_no_backend_takes_is_dropped_and_counted_exactly()
    {
        await using var harness = new PlaneHarness();
        var (one, other) = (PlaneHarness.FreePort(), PlaneHarness.FreePort());
        using var client = await ClientAsync(
            harness,
            Backend(new IPEndPoint(IPAddress.Loopback, one)),
            Backend(new IPEndPoint(IPAddress.Loopback, other))
        );
        for (var round = 1; round <= 3; round++)
        {
            await client.SendAsync(new byte[10]);
            await Wait.Until(() => harness.Counters.DroppedUnsent == round, "the datagram to be given up");
            Assert.Equal(2 * round, harness.Counters.ConnectFailures);
            Assert.Equal(round, harness.Counters.Retries);
        }
        Assert.Equal(1, harness.Counters.Active);
        await AssertBuffersAsync(harness, 0);
        // The session goes on where somebody is.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, one));
        listener.Listen();
        await client.SendAsync(new byte[] { 7 });
        using var server = await listener.AcceptOneAsync();
        Assert.Equal([7], await ReceiveFrameAsync(server));
        Assert.Equal(3, harness.Counters.Dropped);
    }

    [Fact]
    public async Task What_comes_while_a_connection_is_made_waits_in_one_buffer()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var listener = Sockets.Listen(backlog: 0);
        var fillers = await listener.FillAsync();
        using var client = await ClientAsync(harness, Backend(listener));
        client.SendTrainsOf(Segment);
        byte[] data = [.. Noise(50 * Segment, 1), .. Noise(50 * Segment, 2)];
        await client.SendAsync(data.AsMemory(0, 50 * Segment));
        await client.SendAsync(data.AsMemory(50 * Segment));
        await Wait.Until(() => harness.Counters.DroppedUnsent == 100 - Held, "those that find no room to be dropped");
        fillers.ForEach(filler => filler.Dispose());
        using var server = await AcceptTalkerAsync(listener);
        for (var index = 0; index < Held; index++)
        {
            Assert.Equal(data[(index * Segment)..((index + 1) * Segment)], await ReceiveFrameAsync(server));
        }
        Assert.Equal(100 - Held, harness.Counters.Dropped);
        Assert.Equal(0, harness.Counters.ConnectFailures);
        Assert.Equal(Held * Segment, harness.Counters.BytesIn);
        await AssertBuffersAsync(harness, 0);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_given_up()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        using var listener = Sockets.Listen(backlog: 0);
        var fillers = await listener.FillAsync();
        using var client = await ClientAsync(harness, Backend(listener));
        await client.SendAsync(new byte[] { 1 });
        await Wait.Until(() => BackendCounters(harness).Active == 1, "the session to choose");
        await harness.SyncAsync();
        await harness.AdvanceAsync(harness.ConnectTimeout);
        await Wait.Until(() => harness.Counters.DroppedUnsent == 1, "the datagram to be given up");
        Assert.Equal(1, harness.Counters.ConnectFailures);
        Assert.Equal(1, harness.Counters.Active);
        await AssertBuffersAsync(harness, 0);
        fillers.ForEach(filler => filler.Dispose());
    }

    [Fact]
    public async Task A_slow_backend_costs_datagrams_and_no_memory()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        listener.ReceiveBufferSize = 8192;
        using var client = await ClientAsync(harness, Backend(listener));
        await client.SendAsync(Numbered(0));
        using var server = await listener.AcceptOneAsync();
        var sent = 1;
        while (harness.Counters.DroppedUnsent < 200)
        {
            Assert.InRange(sent, 0, 100_000);
            HoldLoops(
                harness,
                () =>
                {
                    for (var count = 0; count < 50; count++)
                    {
                        client.Send(Numbered(sent++));
                    }
                }
            );
            await harness.SyncAsync();
        }
        await AssertBuffersAsync(harness, 1);
        client.Close();
        // What was taken arrives whole and in order, and nothing else.
        var last = -1;
        var whole = 0;
        for (; whole == 0 || harness.Counters.BytesIn > whole * Segment || await BuffersAsync(harness) > 0; whole++)
        {
            var datagram = await ReceiveFrameAsync(server);
            Assert.Equal(Segment, datagram.Length);
            var number = BitConverter.ToInt32(datagram);
            Assert.InRange(number, last + 1, sent - 1);
            Assert.Equal(Numbered(number), datagram);
            last = number;
        }
        Assert.Equal(whole * Segment, harness.Counters.BytesIn);
        await AssertBuffersAsync(harness, 0);
    }

    [Fact]
    public async Task Between_attempts_datagrams_wait()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Retry = new Retry { Attempts = 1, Wait = TimeSpan.FromSeconds(1) };
        using var listener = Sockets.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        listener.Close();
        using var client = await ClientAsync(harness, Backend(new IPEndPoint(IPAddress.Loopback, port)));
        await client.SendAsync(new byte[] { 1 });
        await Wait.Until(() => harness.Counters.ConnectFailures == 1, "the first attempt to fail");
        await harness.SyncAsync();
        Assert.Equal(0, harness.Counters.DroppedUnsent);
        await client.SendAsync(new byte[] { 2 });
        await harness.SyncAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        // Nobody is left who was not tried.
        await Wait.Until(() => harness.Counters.DroppedUnsent == 2, "both to be given up");
        Assert.Equal(1, harness.Counters.ConnectFailures);
    }

    [Fact]
    public async Task A_connection_goes_on_while_its_backend_rests_and_ends_when_it_is_gone()
    {
        await using var harness = new PlaneHarness();
        using var first = Sockets.Listen();
        using var second = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(first));
        var port = ((IPEndPoint)client.RemoteEndPoint!).Port;
        await client.SendAsync(new byte[] { 1 });
        using var server = await first.AcceptOneAsync();
        Assert.Equal([1], await ReceiveFrameAsync(server));
        await harness.ApplyAsync(
            harness.Table(
                ListenerProtocol.Udp,
                IPAddress.Loopback,
                port,
                Backend(first) with
                {
                    Duty = BackendDuty.Rest,
                },
                Backend(second)
            )
        );
        await client.SendAsync(new byte[] { 2 });
        Assert.Equal([2], await ReceiveFrameAsync(server));
        harness.Sessions = new SessionOptions { Drain = new() { Deadline = TimeSpan.Zero } };
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, Backend(second)));
        await server.AssertEndAsync();
        await client.SendAsync(new byte[] { 3 });
        using var other = await second.AcceptOneAsync();
        Assert.Equal([3], await ReceiveFrameAsync(other));
        Assert.Equal(0, harness.Counters.Dropped);
    }

    [Fact]
    public async Task Without_responses_a_session_ends_when_its_last_datagram_has_gone()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 2, UdpResponses = 0 };
        using var listener = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(listener));
        client.SendTrainsOf(Segment);
        await client.SendAsync(new byte[4 * Segment]);
        for (var session = 0; session < 2; session++)
        {
            using var server = await listener.AcceptOneAsync();
            Assert.Equal(2 * Frame, (await server.ReceiveToEndAsync()).Length);
        }
        await harness.UntilActiveAsync(0);
        Assert.Equal(2, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.Dropped);
        await AssertBuffersAsync(harness, 0);
    }

    [Fact]
    public async Task An_answer_that_is_cut_short_is_counted_and_the_next_is_asked_of_another_connection()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var client = await ClientAsync(harness, Backend(listener));
        await client.SendAsync(new byte[] { 1 });
        using (var server = await listener.AcceptOneAsync())
        {
            await ReceiveFrameAsync(server);
            await server.SendAllAsync(new byte[] { 0, 1, 9, 0, 5, 1, 2 });
            Assert.Equal([9], await ReceiveAsync(client));
        }
        await Wait.Until(() => harness.Counters.DroppedReplies == 1, "the cut answer to be counted");
        await client.SendAsync(new byte[] { 2 });
        using var next = await listener.AcceptOneAsync();
        Assert.Equal([2], await ReceiveFrameAsync(next));
        await next.SendAllAsync(new byte[] { 0, 1, 8 });
        Assert.Equal([8], await ReceiveAsync(client));
        await AssertBuffersAsync(harness, 0);
    }

    [Fact]
    public async Task Stages_see_every_datagram_on_its_way_to_a_connection_and_back()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        using var folder = new TemporaryDirectory();
        var path = folder.PathOf("log");
        Items<PlaneStage> stages = [new("l", new LoggerStage(path, null), null)];
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        var service = harness.Service(ListenerProtocol.Udp, IPAddress.Loopback, port, Backend(listener));
        var route = new PlaneRoute
        {
            Path = "services.s.routes[0]",
            Action = new PlaneForward(0),
            Ingress = stages,
            Egress = stages,
        };
        await harness.ApplyAsync(
            harness.Table(service with { Listeners = [service.Listeners[0] with { Routes = [route] }] })
        );
        using var client = await OpenAsync(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        client.SendTrainsOf(1);
        await client.SendAsync("ab"u8.ToArray());
        using var server = await listener.AcceptOneAsync();
        await server.SendAllAsync(await server.ReceiveExactlyAsync(6));
        Assert.Equal("a"u8.ToArray(), await ReceiveAsync(client));
        Assert.Equal("b"u8.ToArray(), await ReceiveAsync(client));
        await Wait.Until(() => File.Exists(path) && File.ReadAllLines(path).Length == 4, "four lines in the log");
    }

    [Fact]
    public async Task A_backend_at_a_unix_socket_is_reached_by_its_path()
    {
        using var folder = new TemporaryDirectory();
        await using var harness = new PlaneHarness();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = folder.PathOf("s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var client = await ClientAsync(harness, At(path, ConnectProtocol.Unix));
        await client.SendAsync(Noise(60_000));
        using var server = await listener.AcceptOneAsync();
        Assert.Equal(Noise(60_000), await ReceiveFrameAsync(server));
        await server.SendAllAsync(new byte[] { 0, 2, 3, 4 });
        Assert.Equal([3, 4], await ReceiveAsync(client));
    }

    [Fact]
    public async Task A_backend_with_messages_gets_each_datagram_as_one()
    {
        using var folder = new TemporaryDirectory();
        await using var harness = new PlaneHarness();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        var path = folder.PathOf("s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var client = await ClientAsync(harness, At(path, ConnectProtocol.UnixSeqpacket));
        client.SendTrainsOf(Segment);
        await client.SendAsync(Noise(3 * Segment));
        using var server = await listener.AcceptOneAsync();
        var buffer = new byte[10 * Segment];
        for (var index = 0; index < 3; index++)
        {
            Assert.Equal(Segment, await server.ReceiveSomeAsync(buffer));
            await server.SendAsync(buffer.AsMemory(0, index + 1));
        }
        Assert.Equal(Enumerable.Range(1, 3), await ReceiveSizesAsync(client, 3));
        Assert.Equal(0, harness.Counters.Dropped);
    }

    private static PlaneBackend Backend(Socket listener, Framing framing = Framing.Length) =>
        Backend(listener.LocalEndPoint!, framing);

    private static PlaneBackend Backend(EndPoint place, Framing framing = Framing.Length) =>
        PlaneHarness.Backend(place) with
        {
            Connect = new() { Protocol = ConnectProtocol.Tcp, Framing = framing },
        };

    private static PlaneBackend At(string path, ConnectProtocol protocol) =>
        new()
        {
            Id = path,
            Address = null,
            Path = path,
            Port = null,
            Weight = 1,
            Duty = BackendDuty.Serve,
            Connect = new() { Protocol = protocol, Framing = Framing.Length },
        };

    private static async Task<Socket> ClientAsync(PlaneHarness harness, params PlaneBackend[] backends) =>
        await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, backends));

    private static async Task<IPEndPoint> ServeAsync(PlaneHarness harness, params PlaneBackend[] backends)
    {
        var port = PlaneHarness.FreePort(ProtocolType.Udp);
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, IPAddress.Loopback, port, backends));
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>The first connection whose other end says something.</summary>
    private static async Task<Socket> AcceptTalkerAsync(Socket listener)
    {
        while (true)
        {
            var server = await listener.AcceptOneAsync();
            if (await server.ReceiveAsync(new byte[1], SocketFlags.Peek).WaitAsync(Wait.DefaultTimeout) > 0)
            {
                return server;
            }
            server.Dispose();
        }
    }

    private static async Task<byte[]> ReceiveFrameAsync(Socket server)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(await server.ReceiveExactlyAsync(2));
        return await server.ReceiveExactlyAsync(length);
    }

    /// <summary>Answers every question with itself, marked as an answer (RFC 1035 section 4.1.1), several over one connection.</summary>
    private static async Task ResolveAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync());
            }
        }
        catch (SocketException) { }
        catch (ObjectDisposedException) { }

        static async Task AnswerAsync(Socket server)
        {
            using (server)
            {
                var length = new byte[2];
                while (await server.ReceiveAsync(length) == 2)
                {
                    var question = await server.ReceiveExactlyAsync(BinaryPrimitives.ReadUInt16BigEndian(length));
                    BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(2), 0x8180);
                    await server.SendAllAsync(length.AsMemory(0, 1).ToArray());
                    await server.SendAllAsync(length.AsMemory(1, 1).ToArray());
                    await server.SendAllAsync(question);
                }
            }
        }
    }

    private static byte[] Question(ushort id, string name)
    {
        var message = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(System.Text.Encoding.ASCII.GetBytes(label));
        }
        message.AddRange([0, 0, 1, 0, 1]);
        return [.. message];
    }

    private static byte[] Numbered(int number)
    {
        var data = Noise(Segment, number);
        BitConverter.TryWriteBytes(data, number);
        return data;
    }

    private static SessionCounters BackendCounters(PlaneHarness harness) =>
        harness.Observed.Backends.Aggregate(default(SessionCounters), (sum, backend) => sum + backend.Counters);

    private static async Task AssertBuffersAsync(PlaneHarness harness, int most) =>
        Assert.InRange(await BuffersAsync(harness), 0, most);

    private static async Task<int> BuffersAsync(PlaneHarness harness)
    {
        await harness.SyncAsync();
        var inUse = 0;
        foreach (var loop in harness.Plane.EventLoops)
        {
            inUse += await harness.BuffersInUseAsync(loop);
        }
        return inUse;
    }

    private sealed class Complaints : IPassiveListener
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void OnSignal(PassiveSignal signal) => Interlocked.Increment(ref _count);
    }
}
