namespace Fulcrum.Api.Objects;

/// <summary>How the network learns of vips, and what it was told.</summary>
public sealed record AnnouncementDocument
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    /// <summary><c>neighbor</c>, <c>vrrp</c>, <c>bgp</c> or <c>route</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What this node shall tell now.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Why some of it is not told; the first of several.</summary>
    public string? Trouble { get; init; }
}
