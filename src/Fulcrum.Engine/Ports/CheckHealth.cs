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

    /// <summary>How well the backend says it is, 0..1 of its weight. Null: the check knows no scores.</summary>
    public double? Score { get; init; }

    /// <summary>Of the last <see cref="ProbeTask.Samples"/> results, the share that was good.</summary>
    public double? GoodShare { get; init; }
}
