namespace Fulcrum.Model.Routing;

/// <summary>
/// Bounds the retries of a service, so that backends which fail because they have too much to do do not get more of it.
/// </summary>
public sealed record RetryBudget
{
    /// <summary>Of the sessions that began within the last ten seconds: 0..1.</summary>
    public required double Share { get; init; }

    /// <summary>So many a second may be in any case.</summary>
    public int Minimum { get; init; } = 10;
}
