namespace Fulcrum.Health.Scheduling;

/// <summary>Bounds of the prober.</summary>
public sealed record ProberOptions
{
    /// <summary>Probes under way at once.</summary>
    public int MaxProbes { get; init; } = 16 * 1024;

    /// <summary>Of them, towards one address.</summary>
    public int MaxPerHost { get; init; } = 256;

    /// <summary>Programs under way at once: each is a process.</summary>
    public int MaxPrograms { get; init; } = 64;

    /// <summary>Whose its metrics are; see <see cref="System.Diagnostics.Metrics.MeterOptions.Scope"/>.</summary>
    public object? MeterScope { get; init; }

    /// <summary>What this node calls itself, where a protocol wants a name.</summary>
    public string Node { get; init; } = "fulcrum";
}
