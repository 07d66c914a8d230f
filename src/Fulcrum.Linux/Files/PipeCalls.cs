namespace Fulcrum.Linux.Files;

/// <summary>
/// Pipes on plain descriptors, in the manner of <see cref="Sockets.SocketCalls"/>: a value of zero or more, or a
/// negative <see cref="Errno"/>.
/// </summary>
public static unsafe class PipeCalls
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int SetFlags = 4;

    /// <summary>Reads from a non-blocking descriptor; 0 is end-of-stream: no writer is left.</summary>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return Native.Result(Native.Read(descriptor, pointer, (nuint)buffer.Length));
        }
    }

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
