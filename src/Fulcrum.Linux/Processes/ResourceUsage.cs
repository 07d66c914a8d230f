namespace Fulcrum.Linux.Processes;

/// <summary>What getrusage(2) tells: processor time, the largest resident set in bytes, context switches.</summary>
public readonly record struct ResourceUsage(
    TimeSpan User,
    TimeSpan System,
    long LargestResidentBytes,
    long VoluntarySwitches,
    long InvoluntarySwitches
)
{
    private const int Process = 0;
    private const int Thread = 1;

    /// <summary>The whole process so far.</summary>
    public static ResourceUsage OfProcess() => Read(Process);

    /// <summary>The calling thread so far.</summary>
    public static ResourceUsage OfThread() => Read(Thread);

    private static unsafe ResourceUsage Read(int who)
    {
        // struct rusage: two timevals, then fourteen longs of which these are the filled ones.
        var values = stackalloc long[18];
        _ = LinuxException.ThrowIfError(Native.Result(Native.ResourceUsage(who, values)), "read the resource usage");
        return new ResourceUsage(
            TimeSpan.FromSeconds(values[0]) + TimeSpan.FromMicroseconds(values[1]),
            TimeSpan.FromSeconds(values[2]) + TimeSpan.FromMicroseconds(values[3]),
            values[4] * 1024,
            values[16],
            values[17]
        );
    }
}
