using Fulcrum.Model.Discovery;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

/// <summary>Where clients go whose TLS server name no backend's pattern holds.</summary>
public enum BySni
{
    /// <summary>To the backends that have no pattern; clients that send no name go there too.</summary>
    Default,

    /// <summary>Nowhere.</summary>
    Refuse,

    /// <summary>To any backend.</summary>
    Any,
}

/// <summary>A named group of backends.</summary>
public sealed record Upstream : INamed
{
    public required string Name { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    public Items<Backend> Backends { get; init; }

    /// <summary>Where more backends come from.</summary>
    public DiscoverySpec? Discover { get; init; }

    public Policy Policy { get; init; } = Policy.Unset;

    public ConnectOptions? Connect { get; init; }

    public Recovery? Recovery { get; init; }

    public Ejection? Eject { get; init; }

    /// <summary>
    /// Only backends whose <see cref="Backend.Sni"/> holds the client's TLS server name are eligible; this says what
    /// becomes of the others. Null: the name does not matter. Serves members whose names are only discovered.
    /// </summary>
    public BySni? BySni { get; init; }

    /// <summary>Sessions of the same name within this field's value hear each other (l7mp's Sync).</summary>
    public string? BroadcastBy { get; init; }
}
