using Fulcrum.Model.Values;

namespace Fulcrum.Model.Stages;

/// <summary>What a proxied stream passes on its way.</summary>
public sealed record Stage : INamed
{
    public required string Name { get; init; }

    public required StageSpec Spec { get; init; }
}

public abstract record StageSpec;

/// <summary>Writes what passes to a file; null: the program's log.</summary>
public sealed record LoggerStage(string? File, string? Prefix) : StageSpec;

/// <summary>Copies what passes to an upstream, whose answers are dropped.</summary>
public sealed record TeeStage(string Upstream) : StageSpec;

/// <summary>Bytes a second, with a burst.</summary>
public sealed record RateLimitStage(long BytesPerSecond, long Burst) : StageSpec;

/// <summary>The stream goes through a backend of this upstream and comes back from it.</summary>
public sealed record UpstreamStage(string Upstream) : StageSpec;

public enum BuiltInStage
{
    Echo,
    Discard,

    /// <summary>Wraps each message into a JSON object with the session's metadata.</summary>
    JsonEncap,
    JsonDecap,
}

/// <summary>A stage without options.</summary>
public sealed record SimpleStage(BuiltInStage Kind) : StageSpec;
