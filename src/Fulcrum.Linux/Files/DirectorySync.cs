using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Files;

/// <summary>
/// fsync(2) of a directory. A file that was made, renamed or deleted is so after a loss of power only when its
/// directory was flushed; the base library does not open directories.
/// </summary>
public static partial class DirectorySync
{
    private const string C = "libc";
    private const int CloseOnExec = 0x80000;

    // O_DIRECTORY, which Arm has elsewhere.
    private static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm64
            or Architecture.Arm
        ? 0x4000
        : 0x10000;

    /// <summary>Returns when the names in the directory are durable.</summary>
    /// <exception cref="LinuxException">There is no such directory, or it could not be flushed.</exception>
    public static void Flush(string path)
    {
        var descriptor = LinuxException.ThrowIfError(
            Native.Result(Open(path, DirectoryOnly | CloseOnExec)),
            $"open {path}"
        );
        try
        {
            _ = LinuxException.ThrowIfError(Native.Result(Synchronize(descriptor)), $"flush {path}");
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    [LibraryImport(C, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport(C, EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);
}
