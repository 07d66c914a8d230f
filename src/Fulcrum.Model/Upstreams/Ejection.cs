using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

/// <summary>Passive health: real traffic that fails takes a backend out for a while.</summary>
public sealed record Ejection
{
    public int ConsecutiveFailures { get; init; } = 5;

    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Never more of the upstream than this.</summary>
    public Amount AtMost { get; init; } = Amount.OfShare(0.5);
}
