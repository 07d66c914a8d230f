using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Sessions that end after so many datagrams: exactly as many, whether they come one by one or together.</summary>
public sealed class UdpLimitTests
{
    private const int Segment = 100;

    [Fact]
    public async Task The_datagram_after_the_last_request_begins_another_session()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 2 };
        using var first = Open(IPAddress.Loopback);
        using var second = Open(IPAddress.Loopback);
        var target = await ServeAsync(harness, IPAddress.Loopback, first, PlaneHarness.Backend(second.LocalEndPoint!));
        using var client = await OpenAsync(IPAddress.Loopback, target);
        await client.SendAsync(new byte[] { 0 });
        await Wait.Until(() => first.Available + second.Available > 0, "the first request");
        // Round robin, by two.
        List<Socket> backends = first.Available > 0 ? [first, second] : [second, first];
        for (byte number = 1; number < 5; number++)
        {
            await client.SendAsync(new[] { number });
        }
        var begins = new List<EndPoint>();
        foreach (byte[] expected in new byte[][] { [0, 1], [2, 3], [4] })
        {
            var backend = backends[begins.Count % 2];
            begins.Add((await ReceiveFromAsync(backend)).From);
            for (var more = 1; more < expected.Length; more++)
            {
                var (data, from) = await ReceiveFromAsync(backend);
                Assert.Equal([expected[more]], data);
                Assert.Equal(begins[^1], from);
            }
        }
        Assert.Equal(3, begins.Distinct().Count());
        Assert.Equal(3, harness.Counters.Total);
        // All of them may still answer.
        await backends[0].SendToAsync(new byte[] { 10 }, begins[0]);
        Assert.Equal([10], await ReceiveAsync(client));
        await backends[1].SendToAsync(new byte[] { 11 }, begins[1]);
        Assert.Equal([11], await ReceiveAsync(client));
        await backends[0].SendToAsync(new byte[] { 12 }, begins[2]);
        Assert.Equal([12], await ReceiveAsync(client));
        Assert.Equal(3, harness.Counters.Active);
    }

    [Fact]
    public async Task A_train_is_divided_where_a_session_is_full()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 8 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        client.SendTrainsOf(Segment);
        var data = Noise((19 * Segment) + 30);
        await client.SendAsync(data);
        var senders = new List<EndPoint>();
        for (var offset = 0; offset < data.Length; offset += Segment)
        {
            var (datagram, from) = await ReceiveFromAsync(backend);
            Assert.Equal(data[offset..Math.Min(offset + Segment, data.Length)], datagram);
            senders.Add(from);
        }
        Assert.Equal([8, 8, 4], senders.GroupBy(sender => sender).Select(session => session.Count()));
        Assert.Equal(3, harness.Counters.Total);
        Assert.Equal(data.Length, harness.Counters.BytesIn);
    }

    [Fact]
    public async Task Nothing_is_delivered_after_the_last_response()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpResponses = 3 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        await client.SendAsync(new byte[] { 1 });
        var (_, session) = await ReceiveFromAsync(backend);
        await backend.SendToAsync(new byte[] { 2 }, session);
        Assert.Equal([2], await ReceiveAsync(client));
        backend.SendTrainsOf(Segment);
        await backend.SendToAsync(new byte[5 * Segment], session);
        Assert.Equal(new[] { Segment, Segment }, await ReceiveSizesAsync(client, 2));
        await harness.UntilActiveAsync(0);
        Assert.Equal(3, harness.Counters.DroppedReplies);
        Assert.Equal(1 + (2 * Segment), harness.Counters.BytesOut);
        // What comes now is of another session; and had there been another answer, it would come first.
        backend.SendTrainsOf(0);
        await client.SendAsync(new byte[] { 3 });
        await backend.SendToAsync(new byte[] { 4 }, (await ReceiveFromAsync(backend)).From);
        Assert.Equal([4], await ReceiveAsync(client));
        Assert.Equal(2, harness.Counters.Total);
    }

    [Fact]
    public async Task Without_responses_every_datagram_is_a_session_that_ends_at_once()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpResponses = 0 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        var before = Sockets.Count();
        client.SendTrainsOf(Segment);
        await client.SendAsync(new byte[20 * Segment]);
        Assert.Equal(Enumerable.Repeat(Segment, 20), await ReceiveSizesAsync(backend, 20));
        await Wait.Until(() => harness.Counters.Total == 20, "the last session to be counted");
        await harness.UntilActiveAsync(0);
        Assert.Equal(20 * Segment, harness.Counters.BytesIn);
        Assert.Equal(before, Sockets.Count());
    }

    [Fact]
    public async Task Without_responses_a_session_can_take_several_requests()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 3, UdpResponses = 0 };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        await client.SendAsync(new byte[] { 1 });
        var (_, session) = await ReceiveFromAsync(backend);
        await backend.SendToAsync(new byte[] { 9 }, session);
        await Wait.Until(() => harness.Counters.DroppedReplies == 1, "the answer that nobody wants");
        Assert.Equal(1, harness.Counters.Active);
        await client.SendAsync(new byte[] { 2 });
        await client.SendAsync(new byte[] { 3 });
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.BytesOut);
    }

    [Fact]
    public async Task A_question_and_its_answer_leave_nothing_behind()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 1, UdpResponses = 1 };
        using var backend = Open(IPAddress.Loopback);
        _ = EchoAsync(backend);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        var before = Sockets.Count();
        for (var number = 0; number < 50; number++)
        {
            Assert.Equal([(byte)number], await AskAsync(client, [(byte)number]));
        }
        await harness.UntilActiveAsync(0);
        Assert.Equal(50, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.Dropped);
        Assert.Equal(before, Sockets.Count());
    }

    [Fact]
    public async Task A_session_that_waits_for_answers_ends_with_its_backend()
    {
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 1 };
        IPEndPoint target;
        using (var dead = Open(IPAddress.Loopback))
        {
            target = await ServeAsync(harness, IPAddress.Loopback, dead);
        }
        using var client = await OpenAsync(IPAddress.Loopback, target);
        await client.SendAsync(new byte[] { 1 });
        await Wait.Until(() => harness.Counters.ConnectFailures == 1, "the news that nobody listens");
        await harness.UntilActiveAsync(0);
    }

    [Fact]
    public async Task A_session_that_waits_for_answers_ends_when_it_is_idle()
    {
        await using var harness = new PlaneHarness(new ManualTimeProvider());
        harness.Sessions = new SessionOptions { UdpRequests = 1, IdleTimeout = TimeSpan.FromSeconds(5) };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        await client.SendAsync(new byte[] { 1 });
        _ = await ReceiveAsync(backend);
        await client.SendAsync(new byte[] { 2 });
        _ = await ReceiveAsync(backend);
        await harness.SyncAsync();
        Assert.Equal(2, harness.Counters.Active);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        await harness.UntilActiveAsync(0);
        Assert.Equal(2, harness.Counters.IdleTimeouts);
    }

    [Fact]
    public async Task Sessions_that_wait_for_answers_count_at_the_bound()
    {
        const int PerLoop = 4;
        await using var harness = new PlaneHarness();
        harness.Sessions = new SessionOptions { UdpRequests = 1, MaxUdpSessions = PerLoop * PlaneHarness.Loops };
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        var sessions = new List<EndPoint>();
        for (byte number = 0; number < 10; number++)
        {
            await client.SendAsync(new[] { number });
            sessions.Add((await ReceiveFromAsync(backend)).From);
        }
        await Wait.Until(() => harness.Counters.Total == 10, "the last session to be counted");
        Assert.Equal(PerLoop, harness.Counters.Active);
        Assert.Equal(10 - PerLoop, harness.Counters.Evicted);
        await backend.SendToAsync(new byte[] { 20 }, sessions[^PerLoop]);
        Assert.Equal([20], await ReceiveAsync(client));
    }
}
