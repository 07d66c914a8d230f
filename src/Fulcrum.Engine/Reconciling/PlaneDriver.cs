using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Tells one plane its tables, and tries again later when it refuses one that nobody waits for.</summary>
internal sealed partial class PlaneDriver(IPlane plane, TimeProvider time, Backoff backoff, ILogger log)
{
    private string _reason = "";
    private int _failures;

    public PlaneKind Kind => plane.Offer.Kind;

    public PlaneOffer Offer => plane.Offer;

    public PlaneObservation Observe() => plane.Observe();

    /// <summary>The table that it works by.</summary>
    public PlaneTable Told { get; private set; } = PlaneTable.Empty;

    /// <summary>Null: the last table was taken.</summary>
    public DateTimeOffset? RetryAt { get; private set; }

    public ObjectStatus Status =>
        new(
            "plane",
            Kind.ToString().ToLowerInvariant(),
            RetryAt is null ? ObjectCondition.Standing : ObjectCondition.Failing,
            _reason,
            _failures,
            RetryAt
        );

    /// <summary>Gets ready; null: it works by that very table already. Throws when it refuses.</summary>
    public async ValueTask<IPreparedTable?> PrepareAsync(PlaneTable table, CancellationToken cancellation) =>
        ReferenceEquals(table, Told) ? null : await plane.PrepareAsync(table, cancellation);

    public async ValueTask CommitAsync(PlaneTable table, IPreparedTable prepared)
    {
        await prepared.CommitAsync();
        Told = table;
        (_reason, _failures, RetryAt) = ("", 0, null);
    }

    /// <summary>Tells it the table unless it is to be left in peace for now; what it refuses is tried again.</summary>
    public async ValueTask FollowAsync(PlaneTable table, CancellationToken cancellation)
    {
        if (RetryAt > time.GetUtcNow())
        {
            return;
        }

        try
        {
            await using var prepared = await PrepareAsync(table, cancellation);
            if (prepared is not null)
            {
                await CommitAsync(table, prepared);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Law 4: whatever a plane throws belongs to this attempt; the loop lives on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failures++;
            _reason = error.Message;
            RetryAt = time.GetUtcNow() + backoff.After(_failures);
            LogRefused(Status.Key, _reason, _failures);
        }
    }
}
