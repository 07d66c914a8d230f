namespace Fulcrum.Linux.Processes;

/// <summary>
/// RLIMIT_NOFILE: how many descriptors this process may have open. A proxy needs two for each session, and the usual
/// soft limit of 1,024 is there for programs that call select(2), which this one does not.
/// </summary>
public static unsafe class DescriptorLimit
{
    private const int OpenFiles = 7;

    /// <summary>The soft and the hard limit now.</summary>
    public static (ulong Soft, ulong Hard) Current
    {
        get
        {
            var limits = stackalloc ulong[2];
            _ = LinuxException.ThrowIfError(
                Native.Result(Native.ProcessLimit(0, OpenFiles, null, limits)),
                "read the limit of open descriptors"
            );
            return (limits[0], limits[1]);
        }
    }

    /// <summary>
    /// Raises the soft limit to the hard one, and both to <paramref name="wanted"/> where privilege and
    /// <c>fs.nr_open</c> allow it. Never lowers anything. Returns the soft limit that results.
    /// </summary>
    public static ulong Raise(ulong wanted)
    {
        var (soft, hard) = Current;
        var limits = stackalloc ulong[2];
        limits[0] = limits[1] = Math.Max(hard, wanted);
        if (hard < wanted && Native.ProcessLimit(0, OpenFiles, limits, null) == 0)
        {
            return limits[0];
        }
        limits[0] = limits[1] = hard;
        return Native.ProcessLimit(0, OpenFiles, limits, null) == 0 ? hard : soft;
    }
}
