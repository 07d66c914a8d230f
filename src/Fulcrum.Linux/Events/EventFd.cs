namespace Fulcrum.Linux.Events;

/// <summary>
/// A counter in the kernel that epoll can wait for (eventfd(2)): how other threads wake a loop. Registered edge
/// triggered it needs no reading: each signal is an edge, and 2^64 of them never come.
/// </summary>
public sealed unsafe class EventFd : IDisposable
{
    private const int CloseOnExecNonBlocking = 0x80800;
    private bool _disposed;

    public EventFd()
    {
        Descriptor = LinuxException.ThrowIfError(
            Native.Result(Native.EventFd(0, CloseOnExecNonBlocking)),
            "create an eventfd"
        );
    }

    public int Descriptor { get; }

    /// <summary>Wakes who waits for the descriptor. May be called from any thread.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = Native.Write(Descriptor, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Native.Close(Descriptor);
        }
    }
}
