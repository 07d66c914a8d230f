namespace Fulcrum.Engine.Reconciling;

public enum ObjectCondition
{
    /// <summary>There as wanted.</summary>
    Standing,

    /// <summary>Wanted, not there yet, or not as wanted.</summary>
    Pending,

    /// <summary>There, and to be taken away.</summary>
    Leaving,

    /// <summary>The last attempt failed; it will be tried again.</summary>
    Failing,
}

/// <summary>How one object of one adapter is.</summary>
/// <param name="Kind">What the adapter holds: <c>plane</c>, <c>address</c>, <c>announcement</c>.</param>
/// <param name="Key">Which one.</param>
/// <param name="Condition">How it is.</param>
/// <param name="Reason">What the last failed attempt said; empty when none failed.</param>
/// <param name="Failures">In a row.</param>
/// <param name="RetryAt">When it is tried again.</param>
public sealed record ObjectStatus(
    string Kind,
    string Key,
    ObjectCondition Condition,
    string Reason,
    int Failures,
    DateTimeOffset? RetryAt
);
