using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Messages that carry descriptors beside their bytes (SCM_RIGHTS, unix(7)): the receiver gets descriptors of its own
/// for the same open files. In the manner of <see cref="SocketCalls"/>: zero or more, or a negative <see cref="Errno"/>.
/// </summary>
internal static unsafe class DescriptorMessages
{
    /// <summary>SCM_MAX_FD: the kernel takes no more with one message.</summary>
    internal const int Most = 253;

    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int NoSignal = 0x4000;
    private const int DontWait = 0x40;
    private const int CloseOnExec = 0x40000000;
    private const int Truncated = 0x20 | 0x08;
    private const int HeaderBytes = 16;

    /// <summary>Sends one message; waits for room where the socket does.</summary>
    /// <param name="to">Where, for a socket that is not connected.</param>
    internal static int Send(
        int descriptor,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<int> descriptors,
        SocketAddress? to = null
    )
    {
        var control = stackalloc byte[HeaderBytes + (Most * sizeof(int)) + sizeof(long)];
        Span<byte> encoded = stackalloc byte[SocketAddress.MaxLength + 1];
        var length = to?.Encode(encoded) ?? 0;
        fixed (byte* bytes = message)
        fixed (byte* address = encoded)
        {
            var part = new BufferVector { Base = bytes, Length = (nuint)message.Length };
            var header = new MessageHeader
            {
                Buffers = &part,
                BufferCount = 1,
                Name = length == 0 ? null : address,
                NameLength = (uint)length,
            };
            if (!descriptors.IsEmpty)
            {
                *(nuint*)control = (nuint)(HeaderBytes + (descriptors.Length * sizeof(int)));
                ((int*)control)[2] = SocketLevel;
                ((int*)control)[3] = Rights;
                MemoryMarshal.AsBytes(descriptors).CopyTo(new(control + HeaderBytes, Most * sizeof(int)));
                header.Control = control;
                header.ControlLength = (nuint)Aligned(HeaderBytes + (descriptors.Length * sizeof(int)));
            }

            return Native.Result(Native.SendMessage(descriptor, &header, NoSignal));
        }
    }

    /// <summary>
    /// Receives one message: its length, 0 at the end. What does not fit is an error, and so are descriptors that do
    /// not: nothing is left open then.
    /// </summary>
    internal static int Receive(int descriptor, Span<byte> message, List<int> descriptors)
    {
        const int room = HeaderBytes + (Most * sizeof(int)) + sizeof(long);
        var control = stackalloc byte[room];
        fixed (byte* bytes = message)
        {
            var part = new BufferVector { Base = bytes, Length = (nuint)message.Length };
            var header = new MessageHeader
            {
                Buffers = &part,
                BufferCount = 1,
                Control = control,
                ControlLength = room,
            };
            var result = Native.Result(Native.ReceiveMessage(descriptor, &header, DontWait | CloseOnExec));
            if (result < 0)
            {
                return result;
            }

            var first = descriptors.Count;
            for (nuint at = 0; at + HeaderBytes <= header.ControlLength; )
            {
                var length = *(nuint*)(control + at);
                if (length < HeaderBytes || length > header.ControlLength - at)
                {
                    break;
                }

                if (((int*)(control + at))[2] == SocketLevel && ((int*)(control + at))[3] == Rights)
                {
                    descriptors.AddRange(
                        new ReadOnlySpan<int>(control + at + HeaderBytes, (int)(length - HeaderBytes) / sizeof(int))
                    );
                }

                at += (nuint)Aligned((int)length);
            }

            if ((header.Flags & Truncated) == 0)
            {
                return result;
            }

            foreach (var one in descriptors[first..])
            {
                _ = SocketCalls.Close(one);
            }

            descriptors.RemoveRange(first, descriptors.Count - first);
            return -(int)Errno.MessageTooLong;
        }
    }

    private static int Aligned(int length) => (length + sizeof(long) - 1) & ~(sizeof(long) - 1);
}
