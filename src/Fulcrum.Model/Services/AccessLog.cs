namespace Fulcrum.Model.Services;

public enum LogFormat
{
    /// <summary>A line of words.</summary>
    Text,

    /// <summary>A line that is a JSON object.</summary>
    Json,
}

/// <summary>A line for each session of a service, when it has ended.</summary>
public sealed record AccessLog
{
    public static AccessLog Default { get; } = new();

    /// <summary>Null: standard error.</summary>
    public string? File { get; init; }

    public LogFormat Format { get; init; }

    /// <summary>One session of so many, drawn by chance.</summary>
    public int OneOf { get; init; } = 1;
}
