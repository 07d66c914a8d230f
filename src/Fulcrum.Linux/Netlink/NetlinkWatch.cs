using System.Runtime.CompilerServices;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// Changes of one kind of objects as the kernel tells them. It has a socket of its own, whose queue in the kernel is the
/// only one; when nobody reads for long the kernel throws changes away, and the reader is told to look anew.
/// </summary>
public sealed class NetlinkWatch<T> : IDisposable
    where T : class
{
    private readonly INetlinkSocket _socket;
    private readonly NetlinkCodec<T> _codec;

    internal NetlinkWatch(INetlinkSocket socket, NetlinkCodec<T> codec)
    {
        _socket = socket;
        _codec = codec;
    }

    /// <summary>All changes, until it is cancelled. To be read by one reader at a time.</summary>
    /// <exception cref="LinuxException"/>
    public async IAsyncEnumerable<NetlinkChange<T>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var changes = new Queue<NetlinkChange<T>>();
        changes.Enqueue(default);
        while (true)
        {
            while (changes.TryDequeue(out var change))
            {
                yield return change;
            }

            if (await _socket.ReceiveAsync(cancellation) is { } datagram)
            {
                Read(datagram.Span, changes);
            }
            else
            {
                changes.Enqueue(default);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // A datagram rarely holds more than one change.
    private void Read(ReadOnlySpan<byte> datagram, Queue<NetlinkChange<T>> changes)
    {
        while (NetlinkMessage.TryTake(ref datagram, out var message))
        {
            var isGone = message.Type == _codec.DeleteType;
            if ((isGone || message.Type == _codec.NewType) && _codec.TryDecode(message.Body, out var item))
            {
                changes.Enqueue(new(isGone ? NetlinkChangeKind.Gone : NetlinkChangeKind.Present, item));
            }
        }
    }
}
