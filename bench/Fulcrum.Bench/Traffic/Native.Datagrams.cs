using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>What the generator needs for datagrams: many in one call, and segmentation by the kernel (udp(7)).</summary>
internal static unsafe partial class Native
{
    public const int DatagramLevel = 17;
    public const int Segment = 103;
    public const int InternetLevel = 0;
    public const int PacketInformation = 8;

    private const int NonBlockingDatagrams = 2 | 0x800 | 0x80000;
    private const int Coalesce = 104;
    private const int ReceiveBufferForced = 33;
    private const int ReusePort = 15;
    private const int ReceiveBuffer = 8;
    private const int ReceiveBufferLength = 4 * 1024 * 1024;

    /// <summary>
    /// A non-blocking datagram socket with room for all that may be on its way, which takes what was sent as one train
    /// as one message.
    /// </summary>
    public static (int Fd, Address Address) DatagramSocket(uint host)
    {
        var fd = Checked(SocketCall(Inet, NonBlockingDatagrams, 0), "socket");
        var length = ReceiveBufferLength;
        // Without privilege as much as net.core.rmem_max allows.
        if (SetSocketOption(fd, SocketLevel, ReceiveBufferForced, &length, sizeof(int)) < 0)
        {
            SetOption(fd, SocketLevel, ReceiveBuffer, length);
        }

        SetOption(fd, DatagramLevel, Coalesce, 1);
        return (fd, BindToAnyPort(fd, host));
    }

    /// <summary>A non-blocking datagram socket as it comes, at an address; the clients are divided among those there.</summary>
    public static int BoundDatagramSocket(Address address)
    {
        var fd = Checked(SocketCall(Inet, NonBlockingDatagrams, 0), "socket");
        SetOption(fd, SocketLevel, ReusePort, 1);
        Checked(Bind(fd, &address, sizeof(Address)), "bind");
        return fd;
    }

    /// <summary>The same towards an address.</summary>
    public static int ConnectedDatagramSocket(Address address)
    {
        var fd = Checked(SocketCall(Inet, NonBlockingDatagrams, 0), "socket");
        Checked(Connect(fd, &address, sizeof(Address)), "connect");
        return fd;
    }

    /// <summary>Waits until one of two sockets has something to read, or some milliseconds.</summary>
    public static void WaitForEither(int one, int other, int milliseconds)
    {
        var wanted = stackalloc PollEntry[2];
        wanted[0] = new PollEntry { Fd = one, Events = In };
        wanted[1] = new PollEntry { Fd = other, Events = In };
        _ = Poll(wanted, 2, milliseconds);
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    [SuppressGCTransition]
    public static partial int ReceiveMessages(int fd, Message* messages, int count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg")]
    [SuppressGCTransition]
    public static partial int SendMessages(int fd, Message* messages, int count, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Fd;
        public short Events;
        public short Seen;
    }
}
