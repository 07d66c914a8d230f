using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// One end of a pair of sockets between two processes: whole messages in their order, with descriptors beside them
/// (SOCK_SEQPACKET, unix(7)). Who waits, waits on a thread of its own and not for ever. When one process ends, however
/// it ends, the other reads the end. Owned by one thread at a time.
/// </summary>
public sealed unsafe class DescriptorChannel : IDisposable
{
    private const int Unix = 1;
    private const int SequencedPackets = 5;
    private const int CloseOnExec = 0x80000;
    private const short Readable = 1;
    private const int SetDescriptorFlags = 2;
    private const int CloseDescriptorOnExec = 1;
    private const int SocketLevel = 1;
    private const int SendTimeout = 21;
    private const long SendSeconds = 30;

    private bool _disposed;

    /// <summary>Takes over a descriptor.</summary>
    public DescriptorChannel(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>The most descriptors that go with one message.</summary>
    public static int MostDescriptors => DescriptorMessages.Most;

    /// <summary>A channel's both ends; neither is inherited as it is.</summary>
    /// <exception cref="LinuxException"/>
    public static (DescriptorChannel Ours, DescriptorChannel Theirs) OpenPair()
    {
        var ends = stackalloc int[2];
        _ = LinuxException.ThrowIfError(
            Native.Result(Native.SocketPair(Unix, SequencedPackets | CloseOnExec, 0, ends)),
            "open a channel to another process"
        );
        var patience = stackalloc long[2] { SendSeconds, 0 };
        _ = Native.SetSocketOption(ends[0], SocketLevel, SendTimeout, patience, 2 * sizeof(long));
        return (new(ends[0]), new(ends[1]));
    }

    /// <summary>The end that a process was started with; null: there is none under this number.</summary>
    public static DescriptorChannel? Inherited(int descriptor) =>
        SocketCalls.Get(descriptor, SocketOption.Type) == SequencedPackets
        && Native.DescriptorControl(descriptor, SetDescriptorFlags, CloseDescriptorOnExec) == 0
            ? new(descriptor)
            : null;

    /// <summary>
    /// Sends a message; waits while the other end has many unread, but at most half a minute. 0 or a negative errno.
    /// </summary>
    public int Send(ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors)
    {
        var result = DescriptorMessages.Send(Descriptor, message, descriptors);
        return Math.Min(result, 0);
    }

    /// <summary>
    /// Waits for a message: its length; 0 when the other end is closed; -<see cref="Errno.TimedOut"/>; or another
    /// negative errno. The descriptors that came with it are added to the list, and the caller's to close.
    /// </summary>
    public int Receive(Span<byte> message, List<int> descriptors, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = patience - TimeProvider.System.GetElapsedTime(start);
            var entry = new PollEntry { Descriptor = Descriptor, Events = Readable };
            var ready = Native.Result(Native.Poll(&entry, 1, (int)Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue)));
            if (ready == 0 && left <= TimeSpan.Zero)
            {
                return -(int)Errno.TimedOut;
            }

            var result = ready > 0 ? DescriptorMessages.Receive(Descriptor, message, descriptors) : ready;
            // The process at the other end may have died of a message that it had not read.
            if (result == -(int)Errno.ConnectionReset)
            {
                return 0;
            }

            if (ready != 0 && result is not (-(int)Errno.Interrupted or -(int)Errno.TryAgain))
            {
                return result;
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Native.Close(Descriptor);
        }
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
