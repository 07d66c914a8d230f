namespace Fulcrum.Engine.Ports;

public enum Verdict
{
    /// <summary>Not asked often enough yet. Unknown is not unhealthy.</summary>
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>What a check has found, rise and fall already counted.</summary>
/// <param name="Verdict">After rise and fall.</param>
/// <param name="Since">When the verdict became so.</param>
/// <param name="Reason">Of the last result, for people: "connection refused", "status 503".</param>
/// <param name="Latency">Of the last good result.</param>
public sealed record CheckHealth(Verdict Verdict, DateTimeOffset Since, string Reason, TimeSpan? Latency)
{
    public static CheckHealth Unknown { get; } = new(Verdict.Unknown, default, "not asked yet", null);
}
