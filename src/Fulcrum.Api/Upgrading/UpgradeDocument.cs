namespace Fulcrum.Api.Upgrading;

/// <summary>How it went with an upgrade.</summary>
/// <param name="Id">The same in both processes.</param>
public sealed record UpgradeDocument(string Id, string State)
{
    /// <summary>There was none since the node started.</summary>
    public const string None = "none";

    /// <summary>The old process still serves, the new one starts.</summary>
    public const string Running = "running";

    /// <summary>The new process serves.</summary>
    public const string Done = "done";

    /// <summary>The old process goes on as before.</summary>
    public const string Failed = "failed";

    /// <summary>Who wanted it.</summary>
    public string? By { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The process that answers.</summary>
    public required int Pid { get; init; }

    /// <summary>Its program.</summary>
    public required string Version { get; init; }
}
