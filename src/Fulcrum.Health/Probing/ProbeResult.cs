namespace Fulcrum.Health.Probing;

/// <summary>The outcome of one execution of a check.</summary>
internal sealed record ProbeResult(bool Good, string Reason)
{
    public static ProbeResult Healthy { get; } = new(true, "healthy");

    public static ProbeResult Bad(string reason) => new(false, reason);
}
