using Fulcrum.Api.Metrics;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;

namespace Fulcrum.Api;

/// <summary>What the API speaks for.</summary>
public sealed record NodeContext
{
    public required NodeIdentity Identity { get; init; }

    public required Reconciler Engine { get; init; }

    public required ICheckReader Checks { get; init; }

    public required SnapshotHistory History { get; init; }

    /// <summary>Null: <c>/metrics</c> is not there.</summary>
    public NodeMetrics? Metrics { get; init; }

    public required TimeProvider Time { get; init; }
}
