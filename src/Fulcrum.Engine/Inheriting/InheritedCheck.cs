using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Inheriting;

/// <summary>What a check has found.</summary>
/// <param name="Name">As people call it: <c>UPSTREAM/BACKEND/CHECK</c>.</param>
/// <param name="Target">Its kind and who is asked: under the same name it may be another question there.</param>
public sealed record InheritedCheck(
    string Name,
    string Target,
    Verdict Verdict,
    DateTimeOffset Since,
    string Reason,
    TimeSpan? Latency = null,
    double? Score = null,
    double? GoodShare = null
)
{
    internal static InheritedCheck Of(string name, ProbeTask task, CheckHealth health) =>
        new(
            name,
            task.ToString(),
            health.Verdict,
            health.Since,
            health.Reason,
            health.Latency,
            health.Score,
            health.GoodShare
        );

    internal CheckHealth ToHealth() => new(Verdict, Since, Reason, Latency) { Score = Score, GoodShare = GoodShare };
}
