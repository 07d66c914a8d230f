namespace Fulcrum.Linux.Files;

/// <summary>
/// Pipes on plain descriptors, in the manner of <see cref="Sockets.SocketCalls"/>: a value of zero or more, or a
/// negative <see cref="Errno"/>.
/// </summary>
public static unsafe class PipeCalls
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int WriteOnly = 1;
    private const int SetFlags = 4;
    private const int SetPipeSize = 1031;
    private const int GetPipeSize = 1032;
    private const int SpliceCapacity = 256 * 1024;
    private const uint MovePages = 1;
    private const uint NonBlockingSplice = 2;

    /// <summary>Reads from a non-blocking descriptor; 0 is end-of-stream: no writer is left.</summary>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return Native.Result(Native.Read(descriptor, pointer, (nuint)buffer.Length));
        }
    }

    /// <summary>
    /// Opens a named pipe to be written to, without waiting: -<see cref="Errno.NoDeviceOrAddress"/> when nobody reads it,
    /// -<see cref="Errno.InvalidArgument"/> when it is none.
    /// </summary>
    public static int OpenNamed(string path)
    {
        var descriptor = Native.Result(Native.Open(path, WriteOnly | NonBlocking | CloseOnExec, 0));
        if (descriptor >= 0 && FileKinds.Of(descriptor) != FileKind.NamedPipe)
        {
            _ = Native.Close(descriptor);
            return -(int)Errno.InvalidArgument;
        }
        return descriptor;
    }

    /// <summary>Writes to a non-blocking descriptor. The runtime ignores SIGPIPE: who reads no more is an error here.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
        {
            return Native.Result(Native.Write(descriptor, pointer, (nuint)data.Length));
        }
    }

    /// <summary>
    /// A pipe for <see cref="Splice"/>, as large as one user may have many of (pipe(7): /proc/sys/fs/pipe-user-pages-soft).
    /// </summary>
    public static int OpenToSplice(out int reader, out int writer, out int capacity)
    {
        var ends = stackalloc int[2] { -1, -1 };
        var result = Native.Result(Native.Pipe(ends, CloseOnExec | NonBlocking));
        (reader, writer) = (ends[0], ends[1]);
        capacity = 0;
        if (result < 0)
        {
            return result;
        }
        // Refused past the user's share: then it stays as small as it is.
        var size = Native.Result(Native.DescriptorControl(writer, SetPipeSize, SpliceCapacity));
        capacity = size > 0 ? size : Native.Result(Native.DescriptorControl(writer, GetPipeSize, 0));
        return capacity > 0 ? 0 : capacity;
    }

    /// <summary>Moves at most <paramref name="count"/> bytes from a socket into a pipe, or from a pipe into a socket.</summary>
    public static int Splice(int from, int to, int count) =>
        Native.Result(Native.Splice(from, null, to, null, (nuint)count, MovePages | NonBlockingSplice));

    /// <summary>
    /// A pipe from a program to us: neither end is inherited as it is, and only ours does not block, because hardly
    /// any program expects that of its standard output.
    /// </summary>
    internal static int Open(out int reader, out int writer)
    {
        var ends = stackalloc int[2] { -1, -1 };
        var result = Native.Result(Native.Pipe(ends, CloseOnExec));
        (reader, writer) = (ends[0], ends[1]);
        return result < 0 ? result : Native.Result(Native.DescriptorControl(reader, SetFlags, NonBlocking));
    }
}
