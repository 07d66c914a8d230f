using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// A process that is no child of ours, by a descriptor for it (pidfd_open(2)): a signal reaches it and never a stranger
/// that has its number later. Its end can be waited for; how it ended is its parent's to know.
/// </summary>
/// <param name="descriptor">Taken over.</param>
public sealed unsafe class OtherProcess(int descriptor) : IDisposable
{
    private const int PidFdOpen = 434;
    private const int PidFdSendSignal = 424;
    private const short Readable = 1;

    private bool _disposed;

    public int Descriptor => descriptor;

    /// <summary>One that cannot be reaped meanwhile: a child of ours.</summary>
    /// <exception cref="LinuxException"/>
    public static OtherProcess Open(int process) =>
        new(
            LinuxException.ThrowIfError(
                Native.Result(Native.SystemCall(PidFdOpen, process, 0)),
                $"hold on to process {process}"
            )
        );

    /// <summary>Waits for its end, but not for ever.</summary>
    public bool HasEnded(TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = patience - TimeProvider.System.GetElapsedTime(start);
            var entry = new PollEntry { Descriptor = descriptor, Events = Readable };
            var ready = Native.Result(Native.Poll(&entry, 1, (int)Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue)));
            if (ready > 0 || (ready != -(int)Errno.Interrupted && left <= TimeSpan.Zero))
            {
                return ready > 0;
            }
        }
    }

    /// <summary>Nothing happens when it has ended.</summary>
    public void Signal(ProcessSignal signal) =>
        _ = Native.SystemCall(PidFdSendSignal, descriptor, (nint)(int)signal, 0, 0);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Native.Close(descriptor);
        }
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
