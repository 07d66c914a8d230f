using Fulcrum.Model.Values;

namespace Fulcrum.Model.Routing;

public enum RetryReason
{
    /// <summary>Connecting failed: nothing was sent yet.</summary>
    ConnectFailure,

    /// <summary>The backend went away in the middle; only datagram sessions can go on elsewhere.</summary>
    Disconnect,
}

/// <summary>When and how often another backend is tried.</summary>
public sealed record Retry
{
    /// <summary>Connecting that fails is tried once elsewhere.</summary>
    public static Retry Default { get; } = new();

    public static Retry Never { get; } = new() { Attempts = 0, On = [] };

    public Items<RetryReason> On { get; init; } = [RetryReason.ConnectFailure];

    /// <summary>Further attempts after the first.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Further attempts to connect: none where that is no reason to try another backend.</summary>
    public int ConnectAttempts => On.Contains(RetryReason.ConnectFailure) ? Attempts : 0;

    /// <summary>Pause before each.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.Zero;

    /// <summary>How many there may be in all. Null: no bound.</summary>
    public RetryBudget? Budget { get; init; }
}
