using Fulcrum.Linux.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Fulcrum.Hosting;

/// <summary>
/// The lock on a state directory. It belongs to the open file, not to a process: whoever has a copy of the descriptor
/// holds it, so it passes from one process of a node to the next without a moment in which it is nobody's.
/// </summary>
internal sealed class StateClaim : IDisposable
{
    private readonly SafeFileHandle _file;

    private StateClaim(SafeFileHandle file) => _file = file;

    public int Descriptor => (int)_file.DangerousGetHandle();

    /// <exception cref="IOException">Somebody else has it, or it cannot be had.</exception>
    public static StateClaim Take(string path) =>
        new(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    /// <summary>Holds it by a copy that the process before this one has given.</summary>
    public static StateClaim Inherit(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>Leaves it to those who have copies. The runtime would unlock the file for them, too.</summary>
    public void Leave()
    {
        var descriptor = Descriptor;
        _file.SetHandleAsInvalid();
        _ = SocketCalls.Close(descriptor);
    }

    public void Dispose() => _file.Dispose();
}
