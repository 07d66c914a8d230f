namespace Fulcrum.Linux.Bpf;

/// <summary>
/// The file system in which maps, programs and links have names (pins), by which they outlive their process. It is in
/// memory, and usually at <see cref="UsualPath"/>.
/// </summary>
public static unsafe class BpfFileSystem
{
    public const string UsualPath = "/sys/fs/bpf";

    private const long Magic = 0xcafe4a11;
    private const nuint NoSetId = 2;
    private const nuint NoDevices = 4;
    private const nuint NoExecution = 8;

    /// <summary>A directory is in one.</summary>
    public static bool IsAt(string path)
    {
        // struct statfs is shorter, and begins with what kind it is.
        var status = stackalloc long[32];
        return Native.FileSystemOf(path, status) == 0 && (status[0] & uint.MaxValue) == Magic;
    }

    /// <summary>Mounts one over a directory, for its owner only.</summary>
    /// <exception cref="LinuxException">It wants CAP_SYS_ADMIN.</exception>
    public static void Mount(string path) =>
        _ = LinuxException.ThrowIfError(
            Native.Result(Native.Mount("bpf", path, "bpf", NoSetId | NoDevices | NoExecution, "mode=0700")),
            $"mount a BPF file system at {path}"
        );
}
