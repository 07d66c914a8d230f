using Fulcrum.Api.Status;

namespace Fulcrum.Api.Objects;

/// <summary>An upstream: who leads to it, and how its members are.</summary>
public sealed record UpstreamDocument
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The services that lead to it.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>; <c>unused</c> where no service leads to it.</summary>
    public required string Health { get; init; }

    public required string Reason { get; init; }

    public required BackendCounts Backends { get; init; }

    /// <summary>Of all its members.</summary>
    public required CountersStatus Counters { get; init; }
}
