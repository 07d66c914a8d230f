namespace Fulcrum.Watching;

/// <summary>What is known at one moment.</summary>
/// <param name="Value">The last answer; null: there was none yet.</param>
/// <param name="At">When it came.</param>
/// <param name="IsNew">It was not shown before: it is no redrawing.</param>
/// <param name="Trouble">Why there is no newer one.</param>
/// <param name="AskedAgain">When the node is asked again.</param>
internal sealed record Reading<T>(T? Value, DateTimeOffset At, bool IsNew, string? Trouble, DateTimeOffset AskedAgain)
    where T : class;
