namespace Fulcrum.Linux.Bpf;

/// <summary>The kernel's own count of time, which programs read without a call.</summary>
public static class KernelClock
{
    /// <summary>CLOCK_REALTIME_COARSE: it goes on with each jiffy, and says how long one is.</summary>
    private const int Coarse = 5;

    private static readonly Lazy<TimeSpan> Length = new(Ask);

    /// <summary>How long a jiffy is: 1 to 10 ms, as the kernel was built.</summary>
    /// <exception cref="LinuxException"/>
    public static TimeSpan Jiffy => Length.Value;

    private static unsafe TimeSpan Ask()
    {
        var resolution = stackalloc long[2];
        _ = LinuxException.ThrowIfError(
            Native.Result(Native.ClockResolution(Coarse, resolution)),
            "ask for the resolution of the kernel's clock"
        );
        return TimeSpan.FromSeconds(resolution[0]) + TimeSpan.FromMicroseconds(resolution[1] / 1000.0);
    }
}
