using System.Collections.Concurrent;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests;

/// <summary>Records in order what every adapter was told.</summary>
internal sealed class FakeAdapters : IPlane, IProber, INameResolver
{
    public ConcurrentQueue<string> Journal { get; } = [];

    public PlaneTable Committed { get; private set; } = PlaneTable.Empty;

    public Map<ProbeTask, ProbeTask> Probes { get; private set; } = Map<ProbeTask, ProbeTask>.Empty;

    /// <summary>When set, preparing fails with this.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>A table with a service of this name is refused.</summary>
    public string? Refused { get; set; }

    /// <summary>Preparing takes until this is complete.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public PlaneOffer Offer => PlaneOffer.Proxy;

    public async ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        Journal.Enqueue($"prepare {table.Generation}");
        await Gate.WaitAsync(cancellation);
        var refused = Refused is not null && table.Services.ContainsKey(Refused);
        return (Refusal ?? (refused ? Busy() : null)) is { } refusal ? throw refusal : new Prepared(this, table);
    }

    public PlaneObservation Observe() => new(Committed.Generation, []);

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.CompletedTask;

    void IProber.Apply(Map<ProbeTask, ProbeTask> tasks)
    {
        Probes = tasks;
        Journal.Enqueue($"probes {tasks.Count}");
    }

    void INameResolver.Apply(Map<string, string> names) => Journal.Enqueue($"names {names.Count}");

    public static PlaneRefusedException Busy() =>
        new([new Problem { Path = "services.web.listen[0]", Message = "address already in use" }]);

    private sealed class Prepared(FakeAdapters plane, PlaneTable table) : IPreparedTable
    {
        private bool _committed;

        public ValueTask CommitAsync()
        {
            _committed = true;
            plane.Committed = table;
            plane.Journal.Enqueue($"commit {table.Generation}");
            return default;
        }

        public ValueTask DisposeAsync()
        {
            if (!_committed)
            {
                plane.Journal.Enqueue($"abort {table.Generation}");
            }

            return default;
        }
    }
}
