using System.Text;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Socket system calls on plain descriptors. Every method returns a value of zero or more, or a negative
/// <see cref="Errno"/>; none throws, allocates or blocks: sockets are made non-blocking and close-on-exec, and data
/// calls add MSG_DONTWAIT and MSG_NOSIGNAL.
/// </summary>
public static unsafe class SocketCalls
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private const int Peeking = 0x2;
    private const int WholeLength = 0x20;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;
    private const int WriteSide = 1;
    private const int RawKind = 3;
    private const int EchoBuffer = 1 << 20;
    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;
    private const int DuplicateCloseOnExec = 1030;
    private const int NonBlocking = 0x800;

    /// <summary>Bytes of the name of a network interface, without the zero at its end (IFNAMSIZ).</summary>
    private const int MaxInterfaceName = 15;

    /// <summary>A new socket of the protocol that the family and kind imply.</summary>
    public static int Open(SocketFamily family, SocketKind kind) =>
        Native.Result(Native.Socket((int)family, (int)kind | NonBlockingCloseOnExec, 0));

    /// <summary>
    /// A socket for ICMP echo. Where <c>net.ipv4.ping_group_range</c> has our group it is a ping socket (icmp(7)):
    /// the kernel writes the identifier of a request and gives us only our own replies. Elsewhere, and with
    /// CAP_NET_RAW, it is a raw one: identifiers are ours to choose, every reply that reaches this machine comes in,
    /// and with IPv4 each begins with its IP header and the sender computes the ICMP checksum (raw(7); with IPv6 the
    /// kernel computes it, RFC 3542 section 3.1). Addresses to send to have port 0.
    /// </summary>
    public static int OpenEcho(SocketFamily family, out bool isRaw)
    {
        var protocol = family == SocketFamily.IPv6 ? EchoFilter.ProtocolIPv6 : EchoFilter.ProtocolIPv4;
        var descriptor = Native.Result(
            Native.Socket((int)family, (int)SocketKind.Datagram | NonBlockingCloseOnExec, protocol)
        );
        isRaw = descriptor < 0;
        if (isRaw)
        {
            descriptor = Native.Result(Native.Socket((int)family, RawKind | NonBlockingCloseOnExec, protocol));
        }
        if (descriptor < 0)
        {
            return descriptor;
        }
        // One round of probes of many hosts answers at once.
        _ = Set(descriptor, SocketOption.ReceiveBuffer, EchoBuffer);
        var result = isRaw ? EchoFilter.Attach(descriptor, family) : 0;
        if (result < 0)
        {
            _ = Close(descriptor);
            return result;
        }
        return descriptor;
    }

    public static int Bind(int descriptor, in SocketAddress address)
    {
        Span<byte> encoded = stackalloc byte[SocketAddress.MaxLength + 1];
        var length = address.Encode(encoded);
        fixed (byte* pointer = encoded)
        {
            return Native.Result(Native.Bind(descriptor, pointer, (uint)length));
        }
    }

    public static int Listen(int descriptor, int backlog) => Native.Result(Native.Listen(descriptor, backlog));

    /// <summary>Accepts one connection; the new descriptor is non-blocking too.</summary>
    public static int Accept(int descriptor, out SocketAddress peer)
    {
        var buffer = stackalloc byte[SocketAddress.MaxLength];
        var length = (uint)SocketAddress.MaxLength;
        var result = Native.Result(Native.Accept4(descriptor, buffer, &length, NonBlockingCloseOnExec));
        peer = result < 0 ? default : SocketAddress.Decode(new ReadOnlySpan<byte>(buffer, (int)length));
        return result;
    }

    /// <summary>Begins a connection: 0 when it is there, -<see cref="Errno.InProgress"/> when it will be.</summary>
    public static int Connect(int descriptor, in SocketAddress address)
    {
        Span<byte> encoded = stackalloc byte[SocketAddress.MaxLength + 1];
        var length = address.Encode(encoded);
        fixed (byte* pointer = encoded)
        {
            return Native.Result(Native.Connect(descriptor, pointer, (uint)length));
        }
    }

    /// <summary>Whether there is a peer: a connection that was begun is complete, and did not fail.</summary>
    public static bool IsConnected(int descriptor)
    {
        var buffer = stackalloc byte[SocketAddress.MaxLength];
        var length = (uint)SocketAddress.MaxLength;
        return Native.GetPeerName(descriptor, buffer, &length) == 0;
    }

    /// <summary>Ends the sending direction: the peer reads what was sent and then end-of-stream.</summary>
    public static int ShutdownWrite(int descriptor) => Native.Result(Native.Shutdown(descriptor, WriteSide));

    /// <summary>Reads; 0 is end-of-stream.</summary>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return Native.Result(Native.ReceiveNow(descriptor, pointer, (nuint)buffer.Length, DontWait));
        }
    }

    /// <summary>
    /// Reads one message, or looks at it; its length, also where that is more than the buffer's and the rest is lost.
    /// </summary>
    public static int ReceiveMessage(int descriptor, Span<byte> buffer, bool peeks)
    {
        var flags = DontWait | WholeLength | (peeks ? Peeking : 0);
        fixed (byte* pointer = buffer)
        {
            return Native.Result(Native.ReceiveNow(descriptor, pointer, (nuint)buffer.Length, flags));
        }
    }

    /// <summary>Reads and leaves what it read in the socket's queue.</summary>
    public static int Peek(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return Native.Result(Native.ReceiveNow(descriptor, pointer, (nuint)buffer.Length, DontWait | Peeking));
        }
    }

    /// <param name="more">More follows at once, even if it is only the end: what is no full segment waits for it.</param>
    public static int Send(int descriptor, ReadOnlySpan<byte> data, bool more = false)
    {
        fixed (byte* pointer = data)
        {
            var flags = DontWait | NoSignal | (more ? More : 0);
            return Native.Result(Native.SendNow(descriptor, pointer, (nuint)data.Length, flags));
        }
    }

    /// <summary>Sends the one and then the other as if they were one.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first)
        fixed (byte* other = second)
        {
            var vectors = stackalloc BufferVector[2]
            {
                new BufferVector { Base = one, Length = (nuint)first.Length },
                new BufferVector { Base = other, Length = (nuint)second.Length },
            };
            var header = new MessageHeader { Buffers = vectors, BufferCount = 2 };
            return Native.Result(Native.SendMessage(descriptor, &header, DontWait | NoSignal));
        }
    }

    /// <summary>Receives one message; what does not fit into <paramref name="buffer"/> is lost.</summary>
    public static int ReceiveFrom(int descriptor, Span<byte> buffer, out SocketAddress from)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var addressLength = (uint)SocketAddress.MaxLength;
        fixed (byte* pointer = buffer)
        {
            var result = Native.Result(
                Native.ReceiveFromNow(descriptor, pointer, (nuint)buffer.Length, DontWait, address, &addressLength)
            );
            from = result < 0 ? default : SocketAddress.Decode(new ReadOnlySpan<byte>(address, (int)addressLength));
            return result;
        }
    }

    /// <summary>Receives one message, and its sender's address as the kernel writes it: no bytes if it has none.</summary>
    public static int ReceiveFrom(int descriptor, Span<byte> buffer, Span<byte> from, out int fromLength)
    {
        var addressLength = (uint)from.Length;
        fixed (byte* pointer = buffer)
        fixed (byte* address = from)
        {
            var result = Native.Result(
                Native.ReceiveFromNow(descriptor, pointer, (nuint)buffer.Length, DontWait, address, &addressLength)
            );
            fromLength = result < 0 ? 0 : (int)Math.Min(addressLength, (uint)from.Length);
            return result;
        }
    }

    /// <summary>Sends one message to an address.</summary>
    public static int SendTo(int descriptor, ReadOnlySpan<byte> data, in SocketAddress to)
    {
        Span<byte> encoded = stackalloc byte[SocketAddress.MaxLength + 1];
        var length = to.Encode(encoded);
        fixed (byte* pointer = data)
        fixed (byte* address = encoded)
        {
            return Native.Result(
                Native.SendToNow(descriptor, pointer, (nuint)data.Length, DontWait | NoSignal, address, (uint)length)
            );
        }
    }

    /// <summary>Sends one message to an address, from another that is one of ours.</summary>
    public static int SendTo(int descriptor, ReadOnlySpan<byte> data, in SocketAddress to, in SocketAddress from)
    {
        Span<byte> encoded = stackalloc byte[SocketAddress.MaxLength + 1];
        Span<byte> control = stackalloc byte[ControlMessages.Room];
        var length = to.Encode(encoded);
        fixed (byte* pointer = data)
        fixed (byte* address = encoded)
        fixed (byte* local = control)
        {
            var vector = new BufferVector { Base = pointer, Length = (nuint)data.Length };
            var header = new MessageHeader
            {
                Name = address,
                NameLength = (uint)length,
                Buffers = &vector,
                BufferCount = 1,
                Control = local,
                ControlLength = (nuint)ControlMessages.WriteLocal(control, from),
            };
            return Native.Result(Native.SendMessage(descriptor, &header, DontWait | NoSignal));
        }
    }

    /// <summary>
    /// Receives as many messages as are there and fit into the slots from <paramref name="first"/> on; their number, or a
    /// negative errno.
    /// </summary>
    public static int ReceiveMessages(int descriptor, DatagramBatch batch, int first)
    {
        var messages = batch.Prepare(first);
        var received = Native.Result(
            Native.ReceiveMessages(descriptor, messages, (uint)(batch.Capacity - first), DontWait, null)
        );
        batch.MarkUsed(first + Math.Max(received, 0));
        return received;
    }

    /// <summary>Sends <paramref name="count"/> messages; how many of them went, or a negative errno for the first.</summary>
    public static int SendMessages(int descriptor, SendBatch batch, int first, int count)
    {
        var messages = batch.Message(first);
        ref readonly var header = ref messages->Header;
        if (count != 1 || header.BufferCount != 1 || header.Control is not null)
        {
            return Native.Result(Native.SendMessages(descriptor, messages, (uint)count, DontWait | NoSignal));
        }
        // A single datagram, which is most of them, costs less this way.
        var buffer = header.Buffers[0];
        var result = Native.Result(
            Native.SendToNow(
                descriptor,
                buffer.Base,
                buffer.Length,
                DontWait | NoSignal,
                header.Name,
                header.NameLength
            )
        );
        return result < 0 ? result : 1;
    }

    public static int Set(int descriptor, SocketOption option, int value) =>
        Native.Result(Native.SetSocketOption(descriptor, option.Level, option.Name, &value, sizeof(int)));

    /// <summary>Reads an option whose values are not negative.</summary>
    public static int Get(int descriptor, SocketOption option)
    {
        int value;
        var length = (uint)sizeof(int);
        var result = Native.Result(Native.GetSocketOption(descriptor, option.Level, option.Name, &value, &length));
        return result < 0 ? result : value;
    }

    /// <summary>
    /// Lets the socket hear and speak by one network interface only (socket(7), SO_BINDTODEVICE). Since Linux 5.7 this
    /// takes no privilege, as long as it is done once.
    /// </summary>
    public static int BindToInterface(int descriptor, string name)
    {
        Span<byte> encoded = stackalloc byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        var length = Encoding.UTF8.GetBytes(name, encoded);
        var option = SocketOption.Interface;
        fixed (byte* pointer = encoded)
        {
            return Native.Result(Native.SetSocketOption(descriptor, option.Level, option.Name, pointer, (uint)length));
        }
    }

    /// <summary>The interface that it is bound to; null: none.</summary>
    public static string? InterfaceOf(int descriptor)
    {
        var name = stackalloc byte[MaxInterfaceName + 1];
        var length = (uint)MaxInterfaceName + 1;
        var option = SocketOption.Interface;
        // The length counts the zero at the end; without an interface there is nothing at all.
        return Native.GetSocketOption(descriptor, option.Level, option.Name, name, &length) == 0 && length > 1
            ? Encoding.UTF8.GetString(name, (int)length - 1)
            : null;
    }

    /// <summary>The error that a connection attempt ended with, or <see cref="Errno.None"/>; reading clears it.</summary>
    public static Errno TakeError(int descriptor)
    {
        var value = Get(descriptor, SocketOption.Error);
        return (Errno)Math.Abs(value);
    }

    public static int LocalAddress(int descriptor, out SocketAddress address)
    {
        var buffer = stackalloc byte[SocketAddress.MaxLength];
        var length = (uint)SocketAddress.MaxLength;
        var result = Native.Result(Native.GetSocketName(descriptor, buffer, &length));
        address = result < 0 ? default : SocketAddress.Decode(new ReadOnlySpan<byte>(buffer, (int)length));
        return result;
    }

    /// <summary>Another descriptor of the same socket, or of whatever it is: that lives as long as any of them.</summary>
    public static int Duplicate(int descriptor) =>
        Native.Result(Native.DescriptorControl(descriptor, DuplicateCloseOnExec, 0));

    /// <summary>For a socket that somebody else opened. It is so for all who share it.</summary>
    public static int MakeNonBlocking(int descriptor)
    {
        var flags = Native.Result(Native.DescriptorControl(descriptor, GetStatusFlags, 0));
        return flags < 0
            ? flags
            : Native.Result(Native.DescriptorControl(descriptor, SetStatusFlags, flags | NonBlocking));
    }

    public static int Close(int descriptor) => Native.Result(Native.Close(descriptor));

    /// <summary>Closes with a reset: what was not yet sent is dropped, and the peer sees a broken connection.</summary>
    public static int Reset(int descriptor)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Native.SetSocketOption(descriptor, SocketOption.Linger.Level, SocketOption.Linger.Name, linger, 8);
        return Close(descriptor);
    }
}
