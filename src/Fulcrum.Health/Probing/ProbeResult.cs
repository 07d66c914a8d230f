namespace Fulcrum.Health.Probing;

internal enum Outcome : byte
{
    Good,
    Bad,

    /// <summary>
    /// Nothing is known by it: our own machine could not ask, or the answer says neither. It changes no verdict.
    /// </summary>
    Unclear,
}

/// <summary>The outcome of one execution of a check.</summary>
/// <param name="Outcome">What it counts as.</param>
/// <param name="Reason">For people.</param>
internal sealed record ProbeResult(Outcome Outcome, string Reason)
{
    public static ProbeResult Healthy { get; } = new(Outcome.Good, "healthy");

    /// <summary>How well the backend says it is, 0..1 of its weight; null: it does not say.</summary>
    public double? Score { get; init; }

    /// <summary>What will be wrong soon; null: nothing.</summary>
    public string? Warning { get; init; }

    public static ProbeResult Good(string reason) => new(Outcome.Good, reason);

    public static ProbeResult Bad(string reason) => new(Outcome.Bad, reason);

    public static ProbeResult Unclear(string reason) => new(Outcome.Unclear, reason);
}
