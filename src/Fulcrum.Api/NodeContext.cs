using Fulcrum.Api.Events;
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

    public required SnapshotHistory History { get; init; }

    public required TimeProvider Time { get; init; }

    internal EventStreams EventStreams =>
        LazyInitializer.EnsureInitialized(ref _streams, () => new(Engine.Events, Time));

    public void Dispose() => _streams?.Dispose();
}
