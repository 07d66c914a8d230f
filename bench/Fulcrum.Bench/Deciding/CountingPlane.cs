using Fulcrum.Engine.Ports;

namespace Fulcrum.Bench.Deciding;

/// <summary>A plane that carries nothing and counts which backends are other objects than before.</summary>
internal sealed class CountingPlane : IPlane
{
    private PlaneTable _table = PlaneTable.Empty;

    public PlaneOffer Offer => PlaneOffer.Proxy;

    /// <summary>Backends that the last table told something new about.</summary>
    public int Told { get; private set; }

    public TaskCompletionSource Committed { get; set; } = new();

    public ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation) =>
        ValueTask.FromResult<IPreparedTable>(new Prepared(this, table));

    public PlaneObservation Observe() => new(_table.Generation, []);

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.CompletedTask;

    private void Commit(PlaneTable table)
    {
        Told = 0;
        foreach (var (_, before, after) in table.Services.ChangesSince(_table.Services))
        {
            var known = Backends(before).ToHashSet(ReferenceEqualityComparer.Instance);
            Told += Backends(after).Count(backend => !known.Contains(backend));
        }

        _table = table;
        Committed.TrySetResult();
    }

    private static IEnumerable<PlaneBackend> Backends(PlaneService? service) =>
        service?.Listeners.SelectMany(listener => listener.Upstream.Backends) ?? [];

    private sealed class Prepared(CountingPlane plane, PlaneTable table) : IPreparedTable
    {
        public ValueTask CommitAsync()
        {
            plane.Commit(table);
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
