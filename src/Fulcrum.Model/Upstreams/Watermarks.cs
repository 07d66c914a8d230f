using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

public enum WhenNone
{
    /// <summary>No healthy backend: the service is down.</summary>
    Fail,

    /// <summary>No healthy backend: all are tried, as the checks may be what is wrong.</summary>
    All,
}

/// <summary>How many healthy backends make a healthy service: it comes up at one mark and stays up down to a lower one.</summary>
public sealed record Watermarks
{
    public Amount AtLeast { get; init; } = Amount.OfCount(1);

    /// <summary>Null: the same as <see cref="AtLeast"/>.</summary>
    public Amount? KeepWhile { get; init; }

    public WhenNone WhenNone { get; init; }
}
