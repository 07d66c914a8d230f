using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>
/// The system calls of the generator. It shares no code with what it measures: a mistake or a trick in the product's
/// loop must not cancel itself out.
/// </summary>
internal static unsafe partial class Native
{
    public const int In = 1;
    public const int Out = 4;
    public const int Error = 8;
    public const int HangUp = 0x10;
    public const int EdgeTriggered = 1 << 31;
    public const int Add = 1;
    public const int Again = 11;
    public const int InProgress = 115;
    public const int NonBlockingStream = 1 | 0x800 | 0x80000;
    public const int Inet = 2;
    public const int NoSignal = 0x4000;

    private const int AcceptFlags = 0x800 | 0x80000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;

    public static int LastError => Marshal.GetLastSystemError();

    /// <summary>Throws when the result of a call says that it failed.</summary>
    public static int Checked(int result, string call) =>
        result >= 0
            ? result
            : throw new Win32Exception(LastError, $"{call}: {Marshal.GetPInvokeErrorMessage(LastError)}");

    /// <summary>A non-blocking socket that sends small messages at once.</summary>
    public static int Socket()
    {
        var fd = Checked(SocketCall(Inet, NonBlockingStream, 0), "socket");
        SetNoDelay(fd);
        return fd;
    }

    public static void SetNoDelay(int fd) => SetOption(fd, TcpLevel, NoDelay);

    public static int AcceptNonBlocking(int listener) => Accept4(listener, null, null, AcceptFlags);

    /// <summary>A listener on any port of the loopback address; returns its descriptor and port.</summary>
    public static (int Fd, ushort Port) Listen()
    {
        var fd = Socket();
        SetOption(fd, SocketLevel, ReuseAddress);
        var address = new Address(0);
        Checked(Bind(fd, &address, sizeof(Address)), "bind");
        Checked(ListenCall(fd, 4096), "listen");
        var length = sizeof(Address);
        Checked(GetSocketName(fd, &address, &length), "getsockname");
        return (fd, address.HostPort);
    }

    /// <summary>Waits for a connection; negative: the listener is shut down, or there is no descriptor left.</summary>
    public static int Accept(int listener) => AcceptAndWait(listener, null, null);

    /// <summary>The address that the peer of a connection asked for, in host order.</summary>
    public static uint LocalAddress(int fd)
    {
        Address address = default;
        var length = sizeof(Address);
        return GetSocketName(fd, &address, &length) < 0 ? 0 : address.HostAddress;
    }

    /// <summary>Binds the calling thread, and what it starts, to one processor.</summary>
    public static void Pin(int processor)
    {
        var mask = stackalloc ulong[16];
        mask[processor / 64] = 1UL << (processor % 64);
        Checked(SetAffinity(0, 16 * sizeof(ulong), mask), "sched_setaffinity");
    }

    private static void SetOption(int fd, int level, int option)
    {
        var one = 1;
        Checked(SetSocketOption(fd, level, option, &one, sizeof(int)), "setsockopt");
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int fd, EpollEvent* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, EpollEvent* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "connect")]
    [SuppressGCTransition]
    public static partial int Connect(int fd, Address* address, int length);

    [LibraryImport("libc", EntryPoint = "recv")]
    [SuppressGCTransition]
    public static partial nint Receive(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [SuppressGCTransition]
    public static partial nint Send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int SocketCall(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "accept4")]
    [SuppressGCTransition]
    private static partial int Accept4(int fd, Address* address, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "accept")]
    private static partial int AcceptAndWait(int fd, Address* address, int* length);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint ReceiveAndWait(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "bind")]
    private static partial int Bind(int fd, Address* address, int length);

    [LibraryImport("libc", EntryPoint = "listen")]
    private static partial int ListenCall(int fd, int backlog);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetSocketName(int fd, Address* address, int* length);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetSocketOption(int fd, int level, int option, int* value, int length);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int pid, nint length, ulong* mask);
}

/// <summary>struct epoll_event of x86-64, which is packed there.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public int Events;
    public ulong Data;
}

/// <summary>struct sockaddr_in on 127.0.0.1.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Address
{
    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _padding;

    public Address(ushort port)
    {
        _family = Native.Inet;
        _port = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port);
        _address = 0x0100007f;
        _padding = 0;
    }

    public uint HostAddress => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(_address);

    public ushort HostPort => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(_port);
}
