namespace Fulcrum.Api.Objects;

/// <summary>An address that Fulcrum raises.</summary>
public sealed record VipDocument
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary><c>down</c>, <c>raising</c>, <c>up</c> or <c>withdrawing</c>.</summary>
    public required string State { get; init; }

    /// <summary>Of this node for it: <c>active</c>, <c>standby</c> or <c>fenced</c>.</summary>
    public required string Role { get; init; }

    public required string Reason { get; init; }

    /// <summary>The services on it.</summary>
    public required IReadOnlyList<string> Services { get; init; }
}
