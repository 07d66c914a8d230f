using System.Runtime.InteropServices;

namespace Fulcrum.Linux;

/// <summary>
/// The C library's entry points. Two habits hold for all of them. The error number is fetched directly after a call
/// that returned -1 (<c>Result</c>): the runtime keeps errno intact across its own work when a call returns,
/// so the slower <c>SetLastError</c> is not needed. And <see cref="SuppressGCTransitionAttribute"/> stands only on
/// calls that return at once: while such a call runs, a garbage collection has to wait for it.
/// </summary>
internal static unsafe partial class Native
{
    private const string C = "libc";

    // The first fetch binds its own entry point, which may change errno: do it before any number matters.
    static Native() => _ = Marshal.GetLastSystemError();

    internal static int Result(int value) => value >= 0 ? value : -Marshal.GetLastSystemError();

    internal static int Result(nint value) => value >= 0 ? (int)value : -Marshal.GetLastSystemError();

    [LibraryImport(C, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatX(int folder, string path, int flags, uint mask, long* status);

    [LibraryImport(C, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "eaccess", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int EffectiveAccess(string path, int mode);

    /// <param name="resolution">Seconds, nanoseconds.</param>
    [LibraryImport(C, EntryPoint = "clock_getres")]
    internal static partial int ClockResolution(int clock, long* resolution);

    [LibraryImport(C, EntryPoint = "socket")]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport(C, EntryPoint = "socketpair")]
    internal static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport(C, EntryPoint = "sendmsg")]
    internal static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(C, EntryPoint = "recvmsg")]
    internal static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(C, EntryPoint = "bind")]
    internal static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport(C, EntryPoint = "listen")]
    internal static partial int Listen(int descriptor, int backlog);

    [LibraryImport(C, EntryPoint = "accept4")]
    [SuppressGCTransition]
    internal static partial int Accept4(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport(C, EntryPoint = "connect")]
    internal static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(C, EntryPoint = "shutdown")]
    internal static partial int Shutdown(int descriptor, int how);

    [LibraryImport(C, EntryPoint = "recv")]
    [SuppressGCTransition]
    internal static partial nint ReceiveNow(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(C, EntryPoint = "send")]
    [SuppressGCTransition]
    internal static partial nint SendNow(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(C, EntryPoint = "recvfrom")]
    [SuppressGCTransition]
    internal static partial nint ReceiveFromNow(
        int descriptor,
        byte* buffer,
        nuint length,
        int flags,
        byte* address,
        uint* addressLength
    );

    [LibraryImport(C, EntryPoint = "sendto")]
    [SuppressGCTransition]
    internal static partial nint SendToNow(
        int descriptor,
        byte* buffer,
        nuint length,
        int flags,
        byte* address,
        uint addressLength
    );

    [LibraryImport(C, EntryPoint = "recvmmsg")]
    internal static partial int ReceiveMessages(
        int descriptor,
        BatchedMessage* messages,
        uint count,
        int flags,
        void* timeout
    );

    [LibraryImport(C, EntryPoint = "sendmmsg")]
    internal static partial int SendMessages(int descriptor, BatchedMessage* messages, uint count, int flags);

    [LibraryImport(C, EntryPoint = "getsockopt")]
    [SuppressGCTransition]
    internal static partial int GetSocketOption(int descriptor, int level, int name, void* value, uint* length);

    [LibraryImport(C, EntryPoint = "setsockopt")]
    internal static partial int SetSocketOption(int descriptor, int level, int name, void* value, uint length);

    [LibraryImport(C, EntryPoint = "getsockname")]
    internal static partial int GetSocketName(int descriptor, byte* address, uint* length);

    [LibraryImport(C, EntryPoint = "getpeername")]
    [SuppressGCTransition]
    internal static partial int GetPeerName(int descriptor, byte* address, uint* length);

    [LibraryImport(C, EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "read")]
    internal static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "write")]
    internal static partial nint Write(int descriptor, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "epoll_create1")]
    internal static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "epoll_ctl")]
    [SuppressGCTransition]
    internal static partial int EpollControl(int epoll, int operation, int descriptor, void* registration);

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    internal static partial int EpollWait(int epoll, void* events, int count, int timeout);

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    [SuppressGCTransition]
    internal static partial int EpollPoll(int epoll, void* events, int count, int timeout);

    [LibraryImport(C, EntryPoint = "eventfd")]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "malloc_trim")]
    internal static partial int TrimHeap(nuint kept);

    [LibraryImport(C, EntryPoint = "prlimit")]
    internal static partial int ProcessLimit(int process, int resource, void* wanted, void* previous);

    [LibraryImport(C, EntryPoint = "umask")]
    internal static partial uint FileMask(uint mask);

    [LibraryImport(C, EntryPoint = "getrusage")]
    internal static partial int ResourceUsage(int who, void* usage);

    [LibraryImport(C, EntryPoint = "pipe2")]
    internal static partial int Pipe(int* descriptors, int flags);

    [LibraryImport(C, EntryPoint = "splice")]
    [SuppressGCTransition]
    internal static partial nint Splice(int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);

    [LibraryImport(C, EntryPoint = "fcntl")]
    internal static partial int DescriptorControl(int descriptor, int command, nint argument);

    [LibraryImport(C, EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mount(string source, string target, string kind, nuint flags, string? data);

    [LibraryImport(C, EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FileSystemOf(string path, long* status);

    [LibraryImport(C, EntryPoint = "mmap")]
    internal static partial nint Map(
        nint address,
        nuint length,
        int protection,
        int flags,
        int descriptor,
        nint offset
    );

    [LibraryImport(C, EntryPoint = "munmap")]
    internal static partial int Unmap(nint address, nuint length);

    [LibraryImport(C, EntryPoint = "poll")]
    internal static partial int Poll(void* entries, nuint count, int milliseconds);

    [LibraryImport(C, EntryPoint = "ioctl")]
    internal static partial int Control(int descriptor, nuint request, void* argument);

    [LibraryImport(C, EntryPoint = "unshare")]
    internal static partial int Unshare(int kinds);

    [LibraryImport(C, EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport(C, EntryPoint = "getsid")]
    [SuppressGCTransition]
    internal static partial int SessionOf(int process);

    [LibraryImport(C, EntryPoint = "getpgid")]
    [SuppressGCTransition]
    internal static partial int GroupOf(int process);

    [LibraryImport(C, EntryPoint = "waitid")]
    internal static partial int WaitId(int kind, int id, void* information, int options);

    [LibraryImport(C, EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport(C, EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport(C, EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);
}
