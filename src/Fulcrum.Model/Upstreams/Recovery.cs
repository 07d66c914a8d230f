namespace Fulcrum.Model.Upstreams;

public enum RecoveryMode
{
    /// <summary>Full weight as soon as it is healthy.</summary>
    Immediate,

    /// <summary>Weight grows with time since it became healthy.</summary>
    SlowStart,

    /// <summary>Weight in proportion to the share of good results among the last ones (GORB's way).</summary>
    History,
}

/// <summary>How a backend that was down comes back to its weight.</summary>
public sealed record Recovery
{
    public RecoveryMode Mode { get; init; }

    /// <summary>For <see cref="RecoveryMode.SlowStart"/>.</summary>
    public TimeSpan Ramp { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For <see cref="RecoveryMode.History"/>: how many results count.</summary>
    public int Samples { get; init; } = 100;
}
