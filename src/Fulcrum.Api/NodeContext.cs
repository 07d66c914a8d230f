using Fulcrum.Api.Events;
using Fulcrum.Api.Listening;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Upgrading;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;

namespace Fulcrum.Api;

/// <summary>What the API speaks for.</summary>
public sealed record NodeContext : IDisposable
{
    private EventStreams? _streams;

    public required NodeIdentity Identity { get; init; }

    public required Reconciler Engine { get; init; }

    public required ICheckReader Checks { get; init; }

    public required ISessionReader Sessions { get; init; }

    public required SnapshotHistory History { get; init; }

    /// <summary>Null: <c>/metrics</c> is not there.</summary>
    public NodeMetrics? Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Null: its program stays as long as it runs.</summary>
    public INodeUpgrade? Upgrade { get; init; }

    internal EventStreams EventStreams =>
        LazyInitializer.EnsureInitialized(ref _streams, () => new(Engine.Events, Time, Metrics?.Scope));

    /// <summary>Where changes are written down beside the log. Null: nowhere.</summary>
    public string? AuditFile { get; init; }

    /// <summary>What of the API itself is not as the settings say.</summary>
    internal ApiTroubles Troubles { get; init; } = new();

    public void Dispose() => _streams?.Dispose();
}
