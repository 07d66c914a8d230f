using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Proxy.Tests.Plane.Datagrams;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Datagrams that the kernel keeps together go on together, and every one of them counts.</summary>
public sealed class UdpTrainTests
{
    private const int Segment = 1200;
    private const int Train = (20 * Segment) + 500;

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("127.0.0.1", true)]
    public async Task A_train_passes_whole_in_both_directions(string address, bool isWildcard)
    {
        var ip = IPAddress.Parse(address);
        await using var harness = new PlaneHarness();
        using var backend = Open(ip);
        backend.TakeTrains();
        backend.SendTrainsOf(Segment);
        var target = await ServeAsync(harness, isWildcard ? null : ip, backend);
        // Whom a wildcard answers, it answers from where it was asked: a connected socket hears nobody else.
        var asked = isWildcard ? new IPEndPoint(IPAddress.Parse("127.0.0.7"), target.Port) : target;
        using var client = await OpenAsync(ip, asked);
        client.TakeTrains();
        client.SendTrainsOf(Segment);
        for (var round = 0; round < 3; round++)
        {
            var data = Noise(Train, round);
            await client.SendAsync(data);
            var (received, session) = await ReceiveFromAsync(backend);
            Assert.Equal(data, received);
            await backend.SendToAsync(data, session);
            Assert.Equal(data, await ReceiveAsync(client));
        }
        await Wait.Until(() => harness.Counters.BytesOut == 3 * Train, "the last answer to be counted");
        Assert.Equal(3 * Train, harness.Counters.BytesIn);
        Assert.Equal(1, harness.Counters.Total);
        Assert.Equal(0, harness.Counters.Dropped + harness.Counters.TrainsRefused);
    }

    [Fact]
    public async Task Who_takes_no_trains_gets_the_same_datagrams()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        client.SendTrainsOf(Segment);
        var data = Noise(Train);
        await client.SendAsync(data);
        backend.SendTrainsOf(Segment);
        EndPoint? session = null;
        for (var offset = 0; offset < Train; offset += Segment)
        {
            (var datagram, session) = await ReceiveFromAsync(backend);
            Assert.Equal(data[offset..Math.Min(offset + Segment, Train)], datagram);
        }
        await backend.SendToAsync(data, session!);
        for (var offset = 0; offset < Train; offset += Segment)
        {
            Assert.Equal(data[offset..Math.Min(offset + Segment, Train)], await ReceiveAsync(client));
        }
    }

    [Fact]
    public async Task Neighbours_of_one_size_become_a_train()
    {
        await using var harness = new PlaneHarness();
        using var backend = Open(IPAddress.Loopback);
        backend.TakeTrains();
        using var client = await OpenAsync(IPAddress.Loopback, await ServeAsync(harness, IPAddress.Loopback, backend));
        client.TakeTrains();
        await client.SendAsync(new byte[1]);
        var (_, session) = await ReceiveFromAsync(backend);
        int[] sizes = [100, 100, 0, 100, 100, 40, 100, 200, 200, 200];
        int[] trains = [200, 0, 240, 100, 600];

        HoldLoops(harness, () => Array.ForEach(sizes, size => client.Send(Noise(size, size))));
        foreach (var train in trains)
        {
            Assert.Equal(train, (await ReceiveAsync(backend)).Length);
        }
        HoldLoops(harness, () => Array.ForEach(sizes, size => backend.SendTo(Noise(size, size), session)));
        foreach (var train in trains)
        {
            Assert.Equal(train, (await ReceiveAsync(client)).Length);
        }
        Assert.Equal(1 + sizes.Sum(), harness.Counters.BytesIn);
        await Wait.Until(() => harness.Counters.BytesOut == sizes.Sum(), "the last answer to be counted");
    }

    [Fact]
    public async Task Where_a_train_cannot_go_its_datagrams_go_one_by_one()
    {
        const int Long = 1400;
        const int Count = 10;
        using var network = NetworkNamespace.Create("trains");
        // The way to both takes packets that are shorter than the datagrams.
        network.Ip("route", "replace", "local", "127.0.0.8", "dev", "lo", "table", "local", "mtu", "1280");
        network.Ip("route", "replace", "local", "127.0.0.9", "dev", "lo", "table", "local", "mtu", "1280");
        await using var harness = network.Run(() => new PlaneHarness());
        using var backend = network.Run(() => Open(IPAddress.Parse("127.0.0.9")));
        var target = network.Run(() => ServeAsync(harness, IPAddress.Loopback, backend).GetAwaiter().GetResult());
        using var client = network.Run(() => Open(IPAddress.Parse("127.0.0.8")));
        await client.ConnectAsync(target);
        client.SendTrainsOf(Long);
        var data = Noise(Count * Long);
        for (var round = 0; round < 2; round++)
        {
            await client.SendAsync(data);
            EndPoint? session = null;
            for (var offset = 0; offset < data.Length; offset += Long)
            {
                (var datagram, session) = await ReceiveFromAsync(backend);
                Assert.Equal(data[offset..(offset + Long)], datagram);
            }
            HoldLoops(
                harness,
                () =>
                {
                    for (var offset = 0; offset < data.Length; offset += Long)
                    {
                        backend.SendTo(data.AsSpan(offset, Long), session!);
                    }
                }
            );
            for (var offset = 0; offset < data.Length; offset += Long)
            {
                Assert.Equal(data[offset..(offset + Long)], await ReceiveAsync(client));
            }
            // Once for each direction: then it is known.
            Assert.Equal(2, harness.Counters.TrainsRefused);
        }
        Assert.Equal(2 * data.Length, harness.Counters.BytesIn);
        await Wait.Until(() => harness.Counters.BytesOut == 2 * data.Length, "the last answer to be counted");
        Assert.Equal(0, harness.Counters.Dropped);
    }
}
