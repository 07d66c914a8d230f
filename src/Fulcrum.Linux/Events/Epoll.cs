using System.Runtime.CompilerServices;

namespace Fulcrum.Linux.Events;

/// <summary>One epoll instance (epoll(7)). Owned by one thread; only <see cref="Dispose"/> closes it.</summary>
public sealed unsafe class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;

    private readonly int _descriptor;
    private bool _disposed;

    public Epoll()
    {
        _descriptor = LinuxException.ThrowIfError(Native.Result(Native.EpollCreate(CloseOnExec)), "create an epoll");
    }

    /// <summary>Registers a descriptor; <paramref name="data"/> comes back with its events. 0 or a negative errno.</summary>
    public int Register(int descriptor, EpollEvents events, ulong data)
    {
        var registration = stackalloc byte[16];
        *(EpollEvents*)registration = events;
        Unsafe.WriteUnaligned(registration + EventBuffer.DataOffset, data);
        return Native.Result(Native.EpollControl(_descriptor, Add, descriptor, registration));
    }

    /// <summary>
    /// Ends a registration before its descriptor is closed. Needed where another process or descriptor shares the
    /// socket: the kernel would go on reporting its events until the last of them is closed (epoll(7)).
    /// </summary>
    public int Unregister(int descriptor) => Native.Result(Native.EpollControl(_descriptor, Delete, descriptor, null));

    /// <summary>
    /// Waits up to <paramref name="milliseconds"/> (-1: for ever) and returns the number of events, or a negative
    /// errno (<see cref="Errno.Interrupted"/> when a signal came).
    /// </summary>
    public int Wait(EventBuffer events, int milliseconds) =>
        milliseconds == 0
            ? Native.Result(Native.EpollPoll(_descriptor, events.Pointer, events.Capacity, 0))
            : Native.Result(Native.EpollWait(_descriptor, events.Pointer, events.Capacity, milliseconds));

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Native.Close(_descriptor);
        }
    }
}
