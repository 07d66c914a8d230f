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
    public const int Remove = 2;
    public const int Again = 11;
    public const int InProgress = 115;
    public const int Inet = 2;
    public const int NoSignal = 0x4000;

    /// <summary>MSG_TRUNC, which makes TCP throw away what is received instead of copying it.</summary>
    public const int Discard = 0x20;

    private const int NonBlockingStream = 1 | 0x800 | 0x80000;
    private const int AcceptFlags = 0x800 | 0x80000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int NetworkNamespace = 0x40000000;
    private const int ThreadClock = 3;
    private const int MostProcessors = 1024;
    private const long NanosecondsPerSecond = 1_000_000_000;

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

    public static void SetNoDelay(int fd) => SetOption(fd, TcpLevel, NoDelay, 1);

    public static int AcceptNonBlocking(int listener) => Accept4(listener, null, null, AcceptFlags);

    /// <summary>A listener on any port of an address; returns its descriptor and where it is.</summary>
    public static (int Fd, Address Address) Listen(uint host)
    {
        var fd = Socket();
        SetOption(fd, SocketLevel, ReuseAddress, 1);
        var address = BindToAnyPort(fd, host);
        Checked(ListenCall(fd, 4096), "listen");
        return (fd, address);
    }

    /// <summary>A listener at an address.</summary>
    public static int Listen(Address address)
    {
        var fd = Socket();
        Checked(Bind(fd, &address, sizeof(Address)), "bind");
        Checked(ListenCall(fd, 16), "listen");
        return fd;
    }

    /// <summary>Binds a socket to a port that the kernel chooses, and tells which.</summary>
    public static Address BindToAnyPort(int fd, uint host)
    {
        var address = new Address(host, 0);
        Checked(Bind(fd, &address, sizeof(Address)), "bind");
        var length = sizeof(Address);
        Checked(GetSocketName(fd, &address, &length), "getsockname");
        return address;
    }

    /// <summary>Waits for a connection; negative: the listener is shut down, or there is no descriptor left.</summary>
    public static int Accept(int listener) => AcceptAndWait(listener, null, null);

    /// <summary>The address that the peer of a connection asked for, in host order.</summary>
    public static uint LocalAddress(int fd)
    {
        Address address = default;
        var length = sizeof(Address);
        return GetSocketName(fd, &address, &length) < 0 ? 0 : address.Host;
    }

    /// <summary>Binds the calling thread, and what it starts, to some processors.</summary>
    public static void Pin(params ReadOnlySpan<int> processors)
    {
        var mask = stackalloc ulong[MostProcessors / 64];
        foreach (var processor in processors)
        {
            mask[processor / 64] |= 1UL << (processor % 64);
        }

        Checked(SetAffinity(0, MostProcessors / 8, mask), "sched_setaffinity");
    }

    /// <summary>Moves the calling thread, and what it starts, into a network namespace.</summary>
    public static void EnterNamespace(string file)
    {
        using var handle = File.OpenHandle(file);
        Checked(SetNamespace((int)handle.DangerousGetHandle(), NetworkNamespace), "setns");
    }

    /// <summary>The calling thread, and what it starts, gets a network namespace that nobody else has.</summary>
    public static void MakeNamespace() => Checked(Unshare(NetworkNamespace), "unshare");

    /// <summary>What all threads of a process have used so far (clock_getcpuclockid(3)), to the nanosecond.</summary>
    /// <remarks>The two lowest bits: the scheduler's clock of a whole process.</remarks>
    public static TimeSpan ProcessorTime(int process) => TimeOf((~process << 3) | 2);

    /// <summary>What the calling thread has used so far.</summary>
    public static TimeSpan ThreadTime() => TimeOf(ThreadClock);

    private static TimeSpan TimeOf(int clock)
    {
        Span<long> time = stackalloc long[2];
        fixed (long* result = time)
        {
            Checked(GetTime(clock, result), "clock_gettime");
        }

        return TimeSpan.FromMicroseconds(((time[0] * NanosecondsPerSecond) + time[1]) / 1000.0);
    }

    /// <summary>A file of zeros in memory.</summary>
    public static int MemoryFile(int length)
    {
        var fd = Checked(CreateMemoryFile("bench", 0), "memfd_create");
        var zeros = new byte[length];
        fixed (byte* buffer = zeros)
        {
            Checked((int)Write(fd, buffer, length), "write");
        }

        return fd;
    }

    public static void SetOption(int fd, int level, int option, int value) =>
        Checked(SetSocketOption(fd, level, option, &value, sizeof(int)), "setsockopt");

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

    [LibraryImport("libc", EntryPoint = "sendfile")]
    [SuppressGCTransition]
    public static partial nint SendFile(int to, int from, long* offset, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint ReceiveAndWait(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int SocketCall(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "accept4")]
    [SuppressGCTransition]
    private static partial int Accept4(int fd, Address* address, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "accept")]
    private static partial int AcceptAndWait(int fd, Address* address, int* length);

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

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "setns")]
    private static partial int SetNamespace(int fd, int kind);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int fd, byte* buffer, nint length);
}
