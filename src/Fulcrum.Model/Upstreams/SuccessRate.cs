namespace Fulcrum.Model.Upstreams;

/// <summary>
/// Of the connections of the last while, so many at least must have succeeded: the backend took them, and did not reset
/// them before it had answered anything.
/// </summary>
public sealed record SuccessRate
{
    /// <summary>A share from 0 to 1; less is too little.</summary>
    public double Below { get; init; } = 0.8;

    /// <summary>Of fewer connections nothing is concluded.</summary>
    public int Requests { get; init; } = 100;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);
}
