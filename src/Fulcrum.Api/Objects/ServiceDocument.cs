using Fulcrum.Api.Status;

namespace Fulcrum.Api.Objects;

/// <summary>A service: what was decided about it and what it carries.</summary>
public sealed record ServiceDocument
{
    public required string Name { get; init; }

    /// <summary>Where it comes from: <c>file /etc/fulcrum/fulcrum.yaml</c>, <c>the API</c>.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary><c>proxy</c>, <c>nat</c>, <c>dsr</c>, <c>tunnel</c> or <c>none</c>.</summary>
    public required string Forward { get; init; }

    /// <summary>What carries it; left out: nothing does.</summary>
    public string? Plane { get; init; }

    /// <summary>What its listeners lead to.</summary>
    public required IReadOnlyList<string> Upstreams { get; init; }

    /// <summary><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>: the worst of its listeners.</summary>
    public required string Health { get; init; }

    public required string Reason { get; init; }

    /// <summary>It is no longer wanted, and stays until its addresses are withdrawn.</summary>
    public required bool Leaving { get; init; }

    public required BackendCounts Backends { get; init; }

    public required CountersStatus Counters { get; init; }

    /// <summary>TLS handshakes of clients; left out where TLS does not end here.</summary>
    public TlsStatus? Tls { get; init; }
}
