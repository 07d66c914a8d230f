using Fulcrum.Api.Overrides;
using Fulcrum.Api.Status;

namespace Fulcrum.Api.Objects;

/// <summary>One membership of an upstream.</summary>
public sealed record BackendDocument
{
    /// <summary><c>UPSTREAM/ID</c>.</summary>
    public required string Name { get; init; }

    public required string Upstream { get; init; }

    /// <summary>Its name, or its address and port.</summary>
    public required string Id { get; init; }

    /// <summary>Left out while its name has no address yet.</summary>
    public string? Address { get; init; }

    /// <summary>Its own labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The machine or cluster node it runs on.</summary>
    public string? Node { get; init; }

    public required int Priority { get; init; }

    /// <summary>In proportion to the other members'; recovery and scores are in it.</summary>
    public required int Weight { get; init; }

    /// <summary><c>serve</c>, <c>rest</c> or <c>drain</c>; <c>unused</c> where no service leads to its upstream.</summary>
    public required string Duty { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</summary>
    public required string Health { get; init; }

    public required string Reason { get; init; }

    /// <summary>The services that lead to it.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>What an operator decided about this membership.</summary>
    public OverrideDocument? Override { get; init; }

    public required CountersStatus Counters { get; init; }
}
