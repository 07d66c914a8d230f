using Fulcrum.Model;

namespace Fulcrum.Engine.Ports;

/// <summary>
/// What carries packets. A new table comes in two phases: everything that can fail happens in preparing (binding on
/// every loop, loading, reserving) and can be given back; committing only switches over, and cannot fail.
/// </summary>
public interface IPlane
{
    /// <summary>May change only while <see cref="LookAsync"/> runs.</summary>
    PlaneOffer Offer { get; }

    /// <summary>Finds out whether it works on this machine. Asked before a change that may lead to it.</summary>
    /// <param name="snapshot">What is to come into force.</param>
    ValueTask LookAsync(Snapshot snapshot, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>
    /// Gets ready for a table while the old one stays in force. Throws <see cref="PlaneRefusedException"/> with a
    /// problem for each listener that cannot be had; then nothing has changed. One preparation at a time.
    /// </summary>
    ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation);

    /// <summary>What is not as the table says, though it was taken, and is tried again. Null: all is.</summary>
    string? Trouble => null;

    /// <summary>How often something outside of this process was changed for it, since it began.</summary>
    long Writes => 0;

    /// <summary>What is there now, and its counters. Cheap enough to be asked every second.</summary>
    PlaneObservation Observe();

    /// <summary>Accepts nothing more, lets sessions finish until the deadline, then ends them.</summary>
    /// <param name="deadline">From now.</param>
    /// <param name="progress">Told how many sessions are left.</param>
    Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation);
}

/// <summary>A table that is ready. Disposed without a commit, it gives back all that preparing took.</summary>
public interface IPreparedTable : IAsyncDisposable
{
    /// <summary>Switches over. Completes when every loop works by the new table.</summary>
    ValueTask CommitAsync();
}
