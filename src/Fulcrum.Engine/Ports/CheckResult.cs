namespace Fulcrum.Engine.Ports;

/// <summary>One result of a check.</summary>
/// <param name="At">When it came.</param>
/// <param name="IsGood">Null: it says neither, for a reason of our own; it counts as nothing.</param>
/// <param name="Reason">For people.</param>
/// <param name="Connect">Until the connection stood; null: it never did, or there is none.</param>
/// <param name="Tls">Of the handshake; null: there was none.</param>
/// <param name="Answer">From there until the answer was judged; null: it did not come to it.</param>
public sealed record CheckResult(
    DateTimeOffset At,
    bool? IsGood,
    string Reason,
    TimeSpan? Connect,
    TimeSpan? Tls,
    TimeSpan? Answer
);
