using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.TestKit.Fakes;

/// <summary>A plane that carries nothing and writes down, service by service and backend by backend, what it was told.</summary>
public sealed class RecordingPlane(AdapterJournal journal, PlaneOffer offer) : IPlane
{
    private readonly string _name = offer.Kind.ToString().ToLowerInvariant();
    private bool _preparing;

    public PlaneOffer Offer { get; private set; } = offer;

    /// <summary>What it finds that it can do when it is asked to look.</summary>
    public PlaneOffer Found { get; set; } = offer;

    /// <summary>How often it was asked to.</summary>
    public int Searches { get; private set; }

    /// <summary>The table in force.</summary>
    public PlaneTable Table { get; private set; } = PlaneTable.Empty;

    /// <summary>What it cannot have of a table.</summary>
    public Func<PlaneTable, IReadOnlyList<Problem>> Refuses { get; set; } = _ => [];

    public ValueTask LookAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        Searches++;
        Offer = Found;
        return ValueTask.CompletedTask;
    }

    public async ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        if (_preparing)
        {
            throw new InvalidOperationException("A table is being prepared already.");
        }

        _preparing = true;
        try
        {
            await journal.TryAsync($"{_name}: prepare {table.Generation}", cancellation);
            if (Refuses(table) is { Count: > 0 } problems)
            {
                throw new PlaneRefusedException(problems);
            }
        }
        catch
        {
            _preparing = false;
            throw;
        }

        return new Prepared(this, table);
    }

    /// <summary>What it says that it shows to clients.</summary>
    public Items<ObservedCertificate> Certificates { get; set; }

    /// <summary>How often somebody looked.</summary>
    public int Looks { get; private set; }

    public PlaneObservation Observe()
    {
        Looks++;
        return new(Table.Generation, []) { Certificates = Certificates };
    }

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation)
    {
        journal.Add($"{_name}: drain");
        return Task.CompletedTask;
    }

    private void Commit(PlaneTable table)
    {
        journal.Add($"{_name}: commit {table.Generation}");
        foreach (var line in PlaneTableChanges.Between(Table, table).Order(StringComparer.Ordinal))
        {
            journal.Add($"{_name}: {line}");
        }

        Table = table;
    }

    private sealed class Prepared(RecordingPlane plane, PlaneTable table) : IPreparedTable
    {
        private bool _settled;

        public ValueTask CommitAsync()
        {
            _settled = true;
            plane._preparing = false;
            plane.Commit(table);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            if (!_settled)
            {
                _settled = true;
                plane._preparing = false;
                plane.Abort(table);
            }

            return default;
        }
    }

    private void Abort(PlaneTable table) => journal.Add($"{_name}: abort {table.Generation}");
}
