namespace Fulcrum.Bench.Proxies;

/// <summary>What is wanted of Fulcrum beside its peer in the same round; null: nothing.</summary>
/// <param name="Throughput">At least this ratio.</param>
/// <param name="Cpu">At most this ratio of processor time for each unit.</param>
internal sealed record Goal(double Throughput, double? Cpu = null)
{
    /// <summary>A larger ratio where the proxies are busy all the time, and not their load.</summary>
    public double? ThroughputOfBusy { get; init; }

    /// <summary>
    /// No more is wanted than this share of what a relay reaches that does nothing but the system calls; null: there is none
    /// to compare with.
    /// </summary>
    public double? OfFloor { get; init; }
}
