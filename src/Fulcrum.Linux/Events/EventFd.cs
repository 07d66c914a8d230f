namespace Fulcrum.Linux.Events;

/// <summary>A counter in the kernel that epoll can wait for (eventfd(2)): how other threads wake a loop.</summary>
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

    /// <summary>Makes the descriptor readable. May be called from any thread.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = Native.Write(Descriptor, &one, sizeof(ulong));
    }

    /// <summary>Makes the descriptor unreadable again.</summary>
    public void Reset()
    {
        ulong count;
        _ = Native.Read(Descriptor, &count, sizeof(ulong));
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
