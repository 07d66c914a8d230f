using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests;

/// <summary>Datagrams of one size as one message: how they join, how the kernel cuts them, how they come apart.</summary>
public sealed class TrainTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void What_joins_arrives_as_it_was_sent(string address)
    {
        var random = Seeds.NewRandom();
        using var sockets = new Descriptors();
        using var pairs = new Pairs(sockets, address);
        for (var round = 0; round < Soak.Count(20_000); round++)
        {
            var sizes = Sizes(random);
            var data = sizes.Select(size => Noise(random, size)).ToArray();
            Array.ForEach(data, datagram => Assert.Equal(datagram.Length, SocketCalls.Send(pairs.Client, datagram)));
            Assert.Equal(sizes.Length, SocketCalls.ReceiveMessages(pairs.Relay, pairs.Batch, 0));
            Join(pairs.Batch, pairs.Sends, sizes.Length);
            Assert.Equal(sizes.Length, Enumerable.Range(0, pairs.Sends.Count).Sum(pairs.Sends.Datagrams));
            Assert.Equal(sizes.Sum(), Enumerable.Range(0, pairs.Sends.Count).Sum(pairs.Sends.Bytes));

            Assert.Equal(pairs.Sends.Count, SocketCalls.SendMessages(pairs.Onward, pairs.Sends, 0, pairs.Sends.Count));
            AssertReceived(pairs.Server, data);
            for (var message = 0; message < pairs.Sends.Count; message++)
            {
                for (var first = 0; pairs.Sends.IsTrain(message) && first < pairs.Sends.Datagrams(message); )
                {
                    pairs.Parts.Unfold(pairs.Sends, message, first);
                    first += pairs.Parts.Count;
                    Assert.Equal(pairs.Parts.Count, pairs.Parts.SinglesFrom(0));
                    _ = SocketCalls.SendMessages(pairs.Onward, pairs.Parts, 0, pairs.Parts.Count);
                }
                if (!pairs.Sends.IsTrain(message))
                {
                    _ = SocketCalls.SendMessages(pairs.Onward, pairs.Sends, message, 1);
                }
            }
            AssertReceived(pairs.Server, data);
        }
    }

    [Fact]
    public void A_train_is_received_as_one_and_told_by_its_size()
    {
        using var sockets = new Descriptors();
        using var pairs = new Pairs(sockets, "127.0.0.1");
        Assert.Equal(0, SocketCalls.Set(pairs.Server, SocketOption.ReceiveTrains, 1));
        foreach (var size in new[] { 100, 100, 100, 40 })
        {
            _ = SocketCalls.Send(pairs.Client, new byte[size]);
        }
        Assert.Equal(4, SocketCalls.ReceiveMessages(pairs.Relay, pairs.Batch, 0));
        Join(pairs.Batch, pairs.Sends, 4);
        Assert.Equal(1, SocketCalls.SendMessages(pairs.Onward, pairs.Sends, 0, 1));
        using var batch = new DatagramBatch(2, peers: true);
        Assert.Equal(1, SocketCalls.ReceiveMessages(pairs.Server, batch, 0));
        Assert.Equal((340, 100, 4), (batch.Length(0), batch.SegmentSize(0), batch.Datagrams(0)));
        // A single one in the same slot is none.
        _ = SocketCalls.Send(pairs.Onward, new byte[50]);
        Assert.Equal(1, SocketCalls.ReceiveMessages(pairs.Server, batch, 0));
        Assert.Equal((50, 0, 1), (batch.Length(0), batch.SegmentSize(0), batch.Datagrams(0)));
    }

    private static void Join(DatagramBatch batch, SendBatch sends, int count)
    {
        sends.Clear();
        for (var slot = 0; slot < count; slot++)
        {
            if (slot == 0 || !sends.TryJoin(batch, slot))
            {
                sends.Add(batch, slot);
            }
        }
    }

    private static void AssertReceived(int descriptor, byte[][] data)
    {
        var buffer = new byte[10_000];
        foreach (var datagram in data)
        {
            Assert.Equal(datagram.Length, SocketCalls.Receive(descriptor, buffer));
            Assert.Equal(datagram, buffer[..datagram.Length]);
        }
        Assert.Equal(-(int)Errno.TryAgain, SocketCalls.Receive(descriptor, buffer));
    }

    // Few sizes, so that neighbours are often alike.
    private static int[] Sizes(Random random)
    {
        int[] choice = [0, 1, 100, 100, 100, random.Next(1, 200), 4000];
        return [.. Enumerable.Range(0, random.Next(1, Pairs.Capacity + 1)).Select(_ => random.GetItems(choice, 1)[0])];
    }

    private static byte[] Noise(Random random, int size)
    {
        var data = new byte[size];
        random.NextBytes(data);
        return data;
    }

    /// <summary>A client that sends to a relay, and the relay's way on to a server.</summary>
    private sealed class Pairs : IDisposable
    {
        internal const int Capacity = 24;

        internal Pairs(Descriptors sockets, string address)
        {
            Relay = sockets.Bound(address, SocketKind.Datagram, out var relay);
            Server = sockets.Bound(address, SocketKind.Datagram, out var server);
            Client = sockets.Open(relay.Family, SocketKind.Datagram);
            Onward = sockets.Open(relay.Family, SocketKind.Datagram);
            Assert.Equal(0, SocketCalls.Connect(Client, relay));
            Assert.Equal(0, SocketCalls.Connect(Onward, server));
        }

        internal int Client { get; }
        internal int Relay { get; }
        internal int Onward { get; }
        internal int Server { get; }
        internal DatagramBatch Batch { get; } = new(Capacity, peers: false);
        internal SendBatch Sends { get; } = new(Capacity);

        // Fewer than a train can have: it takes more than one.
        internal SendBatch Parts { get; } = new(7);

        public void Dispose()
        {
            Batch.Dispose();
            Sends.Dispose();
            Parts.Dispose();
        }
    }
}
