using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests.Offload;

/// <summary>A client whose every datagram must come back, before it sends the next.</summary>
internal sealed class Flow : IDisposable
{
    /// <summary>The number of those whose answers may come late.</summary>
    private const int OfNoMatter = -1;

    private readonly Socket _socket;
    private readonly byte[] _answer = new byte[65_536];
    private int _number;

    private Flow(Socket socket) => _socket = socket;

    /// <summary>Bytes that have gone, and come.</summary>
    public long Bytes { get; private set; }

    public static async Task<Flow> Begin(NetworkNamespace home, IPEndPoint target)
    {
        var socket = home.OpenSocket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Of a connected UDP socket the kernel only gives what comes from where it is connected to.
        await socket.ConnectAsync(target);
        return new(socket);
    }

    public async Task Ask(int times, int length = 64)
    {
        var question = new byte[length];
        for (var i = 0; i < times; i++)
        {
            new Random(_number).NextBytes(question);
            BinaryPrimitives.WriteInt32LittleEndian(question, _number++);
            await _socket.SendAsync(question);
            int count;
            do
            {
                count = await Wait.For(
                    _socket.ReceiveAsync(_answer),
                    $"the answer to datagram {_number} of {length} bytes",
                    TimeSpan.FromSeconds(10)
                );
            } while (BinaryPrimitives.ReadInt32LittleEndian(_answer) == OfNoMatter);
            Assert.Equal(question, _answer[..count]);
            Bytes += length;
        }
    }

    /// <summary>Asks for as long, without a pause.</summary>
    public async Task AskFor(TimeSpan time)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < time)
        {
            await Ask(1);
        }
    }

    /// <summary>Asks until an answer comes: what is sent to one that is gone is lost, and a new one has to be found.</summary>
    public Task AskUntilAnswered() =>
        Wait.Until(
            async () =>
            {
                await _socket.SendAsync(BitConverter.GetBytes(OfNoMatter));
                using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                try
                {
                    await _socket.ReceiveAsync(_answer, enough.Token);
                    return true;
                }
                catch (Exception error) when (error is OperationCanceledException or SocketException)
                {
                    return false;
                }
            },
            "any answer"
        );

    /// <summary>Sends some datagrams as one train (UDP_SEGMENT, udp(7)), and waits until all have come back.</summary>
    public async Task AskByTrain(int datagrams, int length)
    {
        _socket.SetRawSocketOption(17, 103, BitConverter.GetBytes(length));
        await _socket.SendAsync(new byte[datagrams * length]);
        for (var i = 0; i < datagrams; i++)
        {
            var count = await Wait.For(_socket.ReceiveAsync(_answer), $"the answer to datagram {i} of a train");
            Assert.Equal(length, count);
        }

        _socket.SetRawSocketOption(17, 103, BitConverter.GetBytes(0));
        Bytes += datagrams * length;
    }

    public void Dispose() => _socket.Dispose();
}
