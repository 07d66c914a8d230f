namespace Fulcrum.Engine.Ports;

/// <summary>Sessions as they were when each was looked at, which is not one moment.</summary>
/// <param name="Sessions">By their ids.</param>
/// <param name="Next">What to go on after. Null: this is the end.</param>
/// <param name="More">How many of those that are asked for were seen after these.</param>
/// <param name="IsCut">There were too many to look at them all, and beyond <paramref name="More"/> nobody counted.</param>
public sealed record SessionPage(IReadOnlyList<SessionReport> Sessions, SessionId? Next, int More, bool IsCut);
