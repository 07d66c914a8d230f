using Fulcrum.Engine.Events;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// Tells one plane its tables, and tries again later when it refuses one that nobody waits for. A service that it
/// refuses stays as it was, and holds up no other: what becomes of their backends is told all the while.
/// </summary>
internal sealed partial class PlaneDriver(
    IPlane plane,
    EventLog events,
    TimeProvider time,
    Backoff backoff,
    ILogger log
)
{
    private volatile Refusal? _refusal;
    private long _prepared;
    private long _refusals;

    public PlaneKind Kind => plane.Offer.Kind;

    public PlaneOffer Offer => plane.Offer;

    public ValueTask LookAsync(Snapshot snapshot, CancellationToken cancellation) =>
        plane.LookAsync(snapshot, cancellation);

    public PlaneObservation Observe() => plane.Observe();

    /// <summary>The table that it works by.</summary>
    public PlaneTable Told { get; private set; } = PlaneTable.Empty;

    /// <summary>Null: the last table was taken.</summary>
    public DateTimeOffset? RetryAt => _refusal?.RetryAt;

    public PlaneStatus Progress =>
        new(Kind, Volatile.Read(ref _prepared), Told.Generation, Volatile.Read(ref _refusals), plane.Writes)
        {
            Packets = plane.Observe().Packets,
        };

    public ObjectStatus Status
    {
        get
        {
            var refusal = _refusal;
            return new(
                "plane",
                Kind.ToString().ToLowerInvariant(),
                refusal is null && plane.Trouble is null ? ObjectCondition.Standing : ObjectCondition.Failing,
                refusal?.Reason ?? plane.Trouble ?? "",
                refusal?.Count ?? 0,
                refusal?.RetryAt
            );
        }
    }

    /// <summary>Gets ready; null: it works by that very table already. Throws when it refuses.</summary>
    public async ValueTask<IPreparedTable?> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        if (ReferenceEquals(table, Told))
        {
            return null;
        }

        try
        {
            var prepared = await plane.PrepareAsync(table, cancellation);
            Volatile.Write(ref _prepared, table.Generation);
            return prepared;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _ = Interlocked.Increment(ref _refusals);
            throw;
        }
    }

    public async ValueTask CommitAsync(PlaneTable table, IPreparedTable prepared)
    {
        await prepared.CommitAsync();
        Told = table;
        Become(null);
    }

    /// <summary>Tells it the table, but nothing that it refused a moment ago; that is tried again.</summary>
    public async ValueTask FollowAsync(PlaneTable table, CancellationToken cancellation)
    {
        var last = _refusal;
        var isDue = !(last?.RetryAt > time.GetUtcNow());
        if (!isDue && last!.Services.IsEmpty)
        {
            return;
        }

        var refused = isDue ? Map<string, string>.Empty : last!.Services;
        var reason = isDue ? "" : last!.Reason;
        while (true)
        {
            try
            {
                await TellAsync(Possible(table, refused), cancellation);
                Become(
                    refused.IsEmpty ? null
                    : isDue ? Refused(reason, refused)
                    : last! with { Reason = reason, Services = refused }
                );
                return;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw;
            }
            catch (PlaneRefusedException refusal) when (Blamed(table, refusal, refused) is { } more)
            {
                (refused, reason) = (more, refusal.Message);
            }
#pragma warning disable CA1031 // Law 4: whatever a plane throws belongs to this attempt; the loop lives on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Become(Refused(error.Message, Map<string, string>.Empty));
                return;
            }
        }
    }

    private async ValueTask TellAsync(PlaneTable table, CancellationToken cancellation)
    {
        await using var prepared = await PrepareAsync(table, cancellation);
        if (prepared is not null)
        {
            await prepared.CommitAsync();
            Told = table;
        }
    }

    /// <summary>The table, with these services as they were, as far as their listeners are the same.</summary>
    private PlaneTable Possible(PlaneTable table, Map<string, string> refused)
    {
        var services = table.Services;
        foreach (var name in refused.Keys)
        {
            services = Told.Services[name] is { } former
                ? services.With(name, Held(former, table.Services[name]))
                : services.Without(name);
        }

        return refused.IsEmpty ? table
            : services.ChangesSince(Told.Services).Count == 0 ? Told
            : table with { Services = services };
    }

    private static PlaneService Held(PlaneService former, PlaneService? wanted) =>
        former with
        {
            Listeners = Items.From(
                former.Listeners.Select(had =>
                    wanted?.Listeners.FirstOrDefault(has => has.Listener.Equals(had.Listener)) ?? had
                )
            ),
        };

    /// <summary>Who is refused now; null: nobody new can be told to be the one.</summary>
    private static Map<string, string>? Blamed(
        PlaneTable table,
        PlaneRefusedException refusal,
        Map<string, string> refused
    )
    {
        var all = refused;
        foreach (var problem in refusal.Problems)
        {
            if (PlaneRefusedException.ServiceOf(problem) is { } name && table.Services.ContainsKey(name))
            {
                all = all.With(name, name);
            }
        }

        return all.Count > refused.Count ? all : null;
    }

    private void Become(Refusal? refusal)
    {
        if (_refusal is null != refusal is null)
        {
            var name = Kind.ToString().ToLowerInvariant();
            events.Add(refusal is null ? Troubles.Ended("plane", name) : Troubles.Began("plane", name, refusal.Reason));
        }

        _refusal = refusal;
    }

    private Refusal Refused(string reason, Map<string, string> services)
    {
        var count = (_refusal?.Count ?? 0) + 1;
        LogRefused(Kind.ToString().ToLowerInvariant(), reason, count);
        return new(reason, count, time.GetUtcNow() + backoff.After(count), services);
    }

    /// <param name="Services">Those to blame; empty: the whole table is refused.</param>
    private sealed record Refusal(string Reason, int Count, DateTimeOffset RetryAt, Map<string, string> Services);
}
