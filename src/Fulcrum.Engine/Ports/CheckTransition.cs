namespace Fulcrum.Engine.Ports;

/// <summary>A check changed its verdict, or began or ceased to flap.</summary>
/// <param name="Sequence">Grows by one with each; the first is 1.</param>
/// <param name="At">When.</param>
/// <param name="Task">The check.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it is; the same where only the flapping has changed.</param>
/// <param name="Reason">Of the result that decided.</param>
/// <param name="WasFlapping">Its results kept changing before.</param>
/// <param name="IsFlapping">They do now.</param>
public sealed record CheckTransition(
    long Sequence,
    DateTimeOffset At,
    ProbeTask Task,
    Verdict From,
    Verdict To,
    string Reason,
    bool WasFlapping,
    bool IsFlapping
);
