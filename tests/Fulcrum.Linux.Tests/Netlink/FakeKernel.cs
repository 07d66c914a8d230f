using System.Runtime.InteropServices;
using System.Threading.Channels;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>
/// A kernel that answers as the test says. What it is sent is split into messages; what it answers is datagrams, null
/// for an overrun.
/// </summary>
internal sealed class FakeKernel(Func<FakeRequest[], IEnumerable<byte[]?>> answer)
{
    private readonly List<FakeRequest[]> _sent = [];

    /// <summary>What was sent at once, each time.</summary>
    public IReadOnlyList<FakeRequest[]> Sent => _sent;

    public int Opened { get; private set; }

    public int Closed { get; private set; }

    public INetlinkSocket Open()
    {
        Opened++;
        return new FakeSocket(this);
    }

    /// <summary>A whole message.</summary>
    public static byte[] Message(ushort type, NetlinkFlags flags, uint sequence, params ReadOnlySpan<byte> body)
    {
        var message = new byte[(16 + body.Length + 3) & ~3];
        MemoryMarshal.Write(message, 16 + body.Length);
        MemoryMarshal.Write(message.AsSpan(4), type);
        MemoryMarshal.Write(message.AsSpan(6), (ushort)flags);
        MemoryMarshal.Write(message.AsSpan(8), sequence);
        body.CopyTo(message.AsSpan(16));
        return message;
    }

    /// <summary>That it was done (0), or why not.</summary>
    public static byte[] Acknowledgement(uint sequence, Errno error = Errno.None)
    {
        var body = new byte[20];
        MemoryMarshal.Write(body, -(int)error);
        MemoryMarshal.Write(body.AsSpan(4), 16);
        return Message(2, NetlinkError.Capped, sequence, body);
    }

    /// <summary>The end of a dump.</summary>
    public static byte[] Done(uint sequence, NetlinkFlags flags = NetlinkFlags.None) =>
        Message(3, flags | NetlinkFlags.Multipart, sequence, 0, 0, 0, 0);

    /// <summary>One part of an answer, which is a number.</summary>
    public static byte[] Part(uint sequence, byte number, NetlinkFlags flags = NetlinkFlags.None) =>
        Message(100, flags | NetlinkFlags.Multipart, sequence, number, 0, 0, 0);

    private sealed class FakeSocket(FakeKernel kernel) : INetlinkSocket
    {
        private readonly Channel<byte[]?> _queue = Channel.CreateUnbounded<byte[]?>();

        public void Send(ReadOnlySpan<byte> requests)
        {
            var messages = new List<FakeRequest>();
            while (NetlinkMessage.TryTake(ref requests, out var message))
            {
                messages.Add(new(message.Type, message.Flags, message.Sequence, message.Body.ToArray()));
            }

            Assert.True(requests.IsEmpty);
            kernel._sent.Add([.. messages]);
            foreach (var datagram in kernel.Answer([.. messages]))
            {
                Assert.True(_queue.Writer.TryWrite(datagram));
            }
        }

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
        {
            var datagram = await _queue.Reader.ReadAsync(cancellation);
            return datagram is null ? (ReadOnlyMemory<byte>?)null : datagram;
        }

        public void Dispose() => kernel.Closed++;
    }

    private IEnumerable<byte[]?> Answer(FakeRequest[] requests) => answer(requests);
}

/// <summary>A message as it was sent.</summary>
internal sealed record FakeRequest(ushort Type, NetlinkFlags Flags, uint Sequence, byte[] Body);
