namespace Fulcrum.Linux.Bpf;

/// <summary>Processors as the kernel counts them for memory of their own: also those that may come later.</summary>
public static class Processors
{
    private static readonly Lazy<int> Count = new(() => CountOf(File.ReadAllText("/sys/devices/system/cpu/possible")));

    /// <summary>How many there can be.</summary>
    public static int Possible => Count.Value;

    /// <param name="ranges">As <c>0-3,8</c>.</param>
    internal static int CountOf(string ranges) =>
        ranges
            .Trim()
            .Split(',')
            .Select(range => range.Split('-'))
            .Sum(ends => int.Parse(ends[^1]) - int.Parse(ends[0]) + 1);
}
