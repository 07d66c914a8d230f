using System.Net.Sockets;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// A netlink socket (netlink(7)). It belongs for good to the network namespace that the opening thread is in, whoever
/// uses it afterwards.
/// </summary>
/// <remarks>
/// Waiting is left to the base library's <see cref="Socket"/> over our descriptor: its epoll thread is there anyway, it
/// knows cancellation, and it takes a descriptor of any family. All it is asked is to look at one byte without taking
/// it; what it does not offer (the sender, the whole length, the kernel's errors) our own calls bring, and they do not
/// wait. A thread or an epoll of our own would be more code for the same.
/// </remarks>
public sealed class NetlinkSocket : INetlinkSocket
{
    private const int Netlink = 16;
    private const int RawNonBlockingCloseOnExec = 3 | 0x80800;
    private const int AddressLength = 12;
    private const int NoSignal = 0x4000;
    private const int DontWait = 0x40;
    private const int Peeking = 0x2;
    private const int WholeLength = 0x20;

    /// <summary>Room for changes that nobody has read yet. Beyond it the kernel throws them away, and says so.</summary>
    private const int QueueBytes = 1 << 20;
    private const int UsualDatagram = 32 << 10;

    private static readonly SocketOption AddMembership = new(270, 1);
    private static readonly SocketOption CapAcknowledgements = new(270, 10);
    private static readonly SocketOption ExtendedAcknowledgements = new(270, 11);
    private static readonly SocketOption StrictQuestions = new(270, 12);

    /// <summary>SO_RCVBUFFORCE: beyond what <c>net.core.rmem_max</c> allows, for who administers the network.</summary>
    private static readonly SocketOption ForcedReceiveBuffer = new(1, 33);

    private readonly Socket _waiter;
    private readonly byte[] _first = new byte[1];
    private byte[] _buffer = new byte[UsualDatagram];

    private NetlinkSocket(int descriptor) => _waiter = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));

    private int Descriptor => (int)_waiter.Handle;

    /// <summary>The kernel's number for this socket.</summary>
    internal unsafe uint Port
    {
        get
        {
            var address = stackalloc byte[AddressLength];
            var length = (uint)AddressLength;
            _ = LinuxException.ThrowIfError(
                Native.Result(Native.GetSocketName(Descriptor, address, &length)),
                "ask for the name of a netlink socket"
            );
            return PortOf(address);
        }
    }

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException"/>
    public static NetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var descriptor = LinuxException.ThrowIfError(
            Native.Result(Native.Socket(Netlink, RawNonBlockingCloseOnExec, (int)protocol)),
            $"open a netlink socket ({protocol})"
        );
        try
        {
            Prepare(descriptor, groups);
            return new(descriptor);
        }
        catch
        {
            _ = SocketCalls.Close(descriptor);
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> requests) => Send(requests, port: 0);

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var result = Receive(out var isForeign);
            if (
                result == -(int)Errno.NoBufferSpace
                || (result == -(int)Errno.TryAgain && !await WaitAsync(cancellation))
            )
            {
                Drain();
                return null;
            }

            if (
                result != -(int)Errno.TryAgain
                && LinuxException.ThrowIfError(result, "receive from the kernel by netlink") > 0
                && !isForeign
            )
            {
                return _buffer.AsMemory(0, result);
            }
        }
    }

    public void Dispose() => _waiter.Dispose();

    internal unsafe void Send(ReadOnlySpan<byte> requests, uint port)
    {
        var to = stackalloc byte[AddressLength];
        WriteAddress(to, port);
        fixed (byte* bytes = requests)
        {
            var part = new BufferVector { Base = bytes, Length = (nuint)requests.Length };
            var header = new MessageHeader
            {
                Name = to,
                NameLength = AddressLength,
                Buffers = &part,
                BufferCount = 1,
            };
            int result;
            do
            {
                result = Native.Result(Native.SendMessage(Descriptor, &header, DontWait | NoSignal));
            } while (result == -(int)Errno.Interrupted);
            _ = LinuxException.ThrowIfError(result, "send to the kernel by netlink");
        }
    }

    // False: the wait itself was told of the overrun, and nobody is told of it twice.
    private async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        try
        {
            _ = await _waiter.ReceiveAsync(_first, SocketFlags.Peek, cancellation);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return false;
        }
    }

    // Once the queue was full the kernel throws away all that follows until it was emptied, and says so only once.
    private void Drain()
    {
        while (Receive(out _) is >= 0 or -(int)Errno.NoBufferSpace) { }
    }

    // How long the datagram is is asked first, so none is ever cut off.
    private int Receive(out bool isForeign)
    {
        var length = Call(Peeking | WholeLength, out isForeign);
        if (length > _buffer.Length)
        {
            _buffer = new byte[length];
        }

        return length < 0 ? length : Call(0, out isForeign);
    }

    // Whoever administers the network may send us what looks like the kernel's; the kernel itself is port 0.
    private unsafe int Call(int flags, out bool isForeign)
    {
        var address = stackalloc byte[AddressLength];
        fixed (byte* bytes = _buffer)
        {
            var part = new BufferVector { Base = bytes, Length = (nuint)_buffer.Length };
            var header = new MessageHeader
            {
                Name = address,
                NameLength = AddressLength,
                Buffers = &part,
                BufferCount = 1,
            };
            int result;
            do
            {
                result = Native.Result(Native.ReceiveMessage(Descriptor, &header, DontWait | flags));
            } while (result == -(int)Errno.Interrupted);
            isForeign = result >= 0 && (header.NameLength != AddressLength || PortOf(address) != 0);
            return result;
        }
    }

    private static unsafe void Prepare(int descriptor, ReadOnlySpan<uint> groups)
    {
        var any = stackalloc byte[AddressLength];
        WriteAddress(any, port: 0);
        _ = LinuxException.ThrowIfError(
            Native.Result(Native.Bind(descriptor, any, AddressLength)),
            "bind a netlink socket"
        );
        // Older kernels lack some of these: then there is less to read in an error, or more in a dump.
        _ = SocketCalls.Set(descriptor, CapAcknowledgements, 1);
        _ = SocketCalls.Set(descriptor, ExtendedAcknowledgements, 1);
        _ = SocketCalls.Set(descriptor, StrictQuestions, 1);
        if (SocketCalls.Set(descriptor, ForcedReceiveBuffer, QueueBytes) < 0)
        {
            _ = SocketCalls.Set(descriptor, SocketOption.ReceiveBuffer, QueueBytes);
        }

        foreach (var group in groups)
        {
            _ = LinuxException.ThrowIfError(
                SocketCalls.Set(descriptor, AddMembership, (int)group),
                $"join the netlink group {group}"
            );
        }
    }

    // struct sockaddr_nl: family, padding, port, groups.
    private static unsafe void WriteAddress(byte* address, uint port)
    {
        new Span<byte>(address, AddressLength).Clear();
        *(ushort*)address = Netlink;
        *(uint*)(address + 4) = port;
    }

    private static unsafe uint PortOf(byte* address) => *(uint*)(address + 4);
}
