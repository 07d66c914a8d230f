using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

/// <summary>Passive health: real traffic that fails takes a backend out for a while.</summary>
public sealed record Ejection
{
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>Besides failures in a row. Null: the share does not matter.</summary>
    public SuccessRate? SuccessRate { get; init; }

    /// <summary>The first time; it doubles each time in a row.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>It does not double beyond this; a longer <see cref="For"/> stays as it is.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Never more of the upstream than this.</summary>
    public Amount AtMost { get; init; } = Amount.OfShare(0.5);
}
