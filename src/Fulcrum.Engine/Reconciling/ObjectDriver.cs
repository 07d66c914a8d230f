using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// Keeps one adapter as it is wanted: reads what is there, compares, and takes away, makes and changes object by
/// object. One that fails waits for its own retry and holds up no other; one that hangs is given up after a time.
/// What is there is read again from time to time, since others may meddle, and when something failed, since it may have
/// been done all the same.
/// <para>
/// A decision counts for an object only while that is as it was seen when the decision was made. An address that was to
/// stay must not be raised because it is gone: that is for the engine to decide, once it knows.
/// </para>
/// </summary>
/// <param name="kind">What the adapter holds, for status and log.</param>
/// <param name="report">Told whenever what is there changed.</param>
/// <param name="meanwhile">
/// As what an object counts while it is changed from one into another; null: it is there for certain all the while.
/// </param>
internal sealed partial class ObjectDriver<TKey, T>(
    string kind,
    IObjectAdapter<T> adapter,
    Func<T, TKey> keyOf,
    Action<Sighting<TKey, T>> report,
    Func<T, T, T>? meanwhile,
    EventLog events,
    TimeProvider time,
    Backoff backoff,
    ILogger log
) : IObjectDriver
    where TKey : class
    where T : class
{
    /// <summary>For one operation; the kernel answers in microseconds, a router daemon in milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RereadEvery = TimeSpan.FromSeconds(30);

    /// <summary>Instead of a failure: it is in doubt until it was seen.</summary>
    private static readonly Failure Coming = new("", 0, DateTimeOffset.MinValue);

    private readonly Bell _bell = new();
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile Order? _order;
    private volatile bool _isHeld;
    private volatile bool _isStale;
    private volatile Sighting<TKey, T> _there = Sighting<TKey, T>.Nothing;
    private volatile Map<TKey, Failure> _failures = Map<TKey, Failure>.Empty;
    private Map<TKey, T> _coming = Map<TKey, T>.Empty;
    private Failure? _readFailure;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Complete when what is there was read once, or could not be; cancelled when it ends before.</summary>
    public Task FirstRead => _firstRead.Task;

    public IReadOnlyList<ObjectStatus> Status => Describe(_order?.Wanted, _there, _failures);

    /// <summary>From now on these and no others. Until this was said once, what is there stays.</summary>
    /// <param name="wanted">By key.</param>
    /// <param name="seen">What was known when this was decided.</param>
    public void Want(Map<TKey, T> wanted, Sighting<TKey, T> seen)
    {
        if (!ReferenceEquals(wanted, _order?.Wanted) || !ReferenceEquals(seen, _order.Seen))
        {
            _order = new(wanted, seen);
        }

        Release();
    }

    /// <summary>
    /// Begins nothing more until it is released or told what is wanted: what is known now is known while the engine
    /// decides, and while planes do what was decided.
    /// </summary>
    public Sighting<TKey, T> Hold()
    {
        lock (_gate)
        {
            _isHeld = true;
            return _there;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _isHeld = false;
        }

        _bell.Ring();
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var alarm = time.CreateTimer(
            _ => _bell.Ring(),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        using var end = cancellation.Register(() => _firstRead.TrySetCanceled(cancellation));
        adapter.Tell(LookAgain);
        _bell.Ring();
        while (true)
        {
            await _bell.WaitAsync(cancellation);
            if (_isStale)
            {
                _isStale = false;
                HurryUp();
            }

            if (_readAt <= time.GetUtcNow())
            {
                await ReadAsync(cancellation);
            }

            _firstRead.TrySetResult();
            if (_readFailure is null && _order is { } order)
            {
                await ReconcileAsync(order, cancellation);
            }

            var wait = Retries().Append(_readAt).Min() - time.GetUtcNow();
            alarm.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAgain()
    {
        _isStale = true;
        _bell.Ring();
    }

    // What has changed may be just what the failed ones were waiting for.
    private void HurryUp()
    {
        var now = time.GetUtcNow();
        _readAt = now;
        foreach (var (key, failure) in _failures.ToList())
        {
            _failures = _failures.With(key, failure with { RetryAt = now });
        }
    }

    // Nothing is tried again before it is known what is there, and the engine has thought about it.
    private IEnumerable<DateTimeOffset> Retries() =>
        _readFailure is null && _order is { } order && !_isHeld
            ? _failures.Where(pair => order.Seen.IsAlike(_there, pair.Key)).Select(pair => pair.Value.RetryAt)
            : [];

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var failed = await TryAsync(
            async patience => Found(await adapter.ReadAsync(patience)),
            _readFailure,
            cancellation
        );
        _readFailure = failed;
        _readAt = failed?.RetryAt ?? time.GetUtcNow() + RereadEvery;
        if (failed is not null)
        {
            LogReadFailed(kind, failed.Reason);
        }
    }

    private void Found(IReadOnlyList<T> objects)
    {
        _coming = Map<TKey, T>.Empty;
        var there = Map<TKey, T>.Empty;
        foreach (var item in objects)
        {
            var known = _there.Objects[keyOf(item)];
            there = there.With(keyOf(item), known is not null && known.Equals(item) ? known : item);
        }

        if (!_there.InDoubt.IsEmpty || there.ChangesSince(_there.Objects).Count > 0)
        {
            Report(new(there, Map<TKey, T>.Empty));
        }
    }

    private void Report(Sighting<TKey, T> there)
    {
        lock (_gate)
        {
            _there = there;
        }

        report(there);
    }

    private async Task ReconcileAsync(Order order, CancellationToken cancellation)
    {
        var (wanted, seen) = order;
        // In the order of names: what is done does not depend on the order of a hash table.
        var different = wanted.ChangesSince(_there.Objects).Select(change => change.Key).Union(_there.InDoubt.Keys);
        foreach (var key in different.OrderBy(key => key.ToString(), StringComparer.Ordinal).ToList())
        {
            if (!ReferenceEquals(order, _order))
            {
                // The bell has rung: what was decided meanwhile comes first.
                return;
            }

            var have = _there.Objects[key];
            if (
                !IsSo(wanted, key)
                && !IsComing(wanted, key)
                && !(_failures[key]?.RetryAt > time.GetUtcNow())
                && Begins(key, wanted[key], seen)
            )
            {
                await ChangeAsync(key, wanted[key], have, cancellation);
            }
        }

        // What is as it is wanted, by whatever way, is not tried again.
        foreach (var key in _failures.Keys.Where(key => IsSo(wanted, key)))
        {
            _failures = _failures.Without(key);
            events.Add(Troubles.Ended(kind, key.ToString()!));
        }
    }

    private bool IsSo(Map<TKey, T> wanted, TKey key) =>
        Equals(wanted[key], _there.Objects[key]) && !_there.InDoubt.ContainsKey(key);

    // Who asks again learns nothing before it was seen.
    private bool IsComing(Map<TKey, T> wanted, TKey key) => _coming[key] is { } coming && coming.Equals(wanted[key]);

    /// <summary>True: from now on it is in doubt. False: the engine is thinking, or has not thought about it yet.</summary>
    private bool Begins(TKey key, T? want, Sighting<TKey, T> seen)
    {
        lock (_gate)
        {
            if (_isHeld || !seen.IsAlike(_there, key))
            {
                return false;
            }

            var have = _there.Objects[key];
            if (want is null || have is null)
            {
                _there = _there.Doubting(key, (want ?? have)!);
            }
            else if (meanwhile is not null)
            {
                _there = _there.Doubting(key, meanwhile(have, want));
            }
        }

        report(_there);
        return true;
    }

    private async Task ChangeAsync(TKey key, T? want, T? have, CancellationToken cancellation)
    {
        var failed = await TryAsync(
            patience => want is null ? adapter.RemoveAsync(have!, patience) : adapter.SetAsync(want, patience),
            _failures[key],
            cancellation
        );
        if (ReferenceEquals(failed, Coming))
        {
            _coming = _coming.With(key, want!);
            return;
        }

        if (failed is not null)
        {
            _failures = _failures.With(key, failed);
            _readAt = failed.RetryAt < _readAt ? failed.RetryAt : _readAt;
            LogFailed(kind, key.ToString()!, failed.Reason, failed.Count);
            if (failed.Count == 1)
            {
                events.Add(Troubles.Began(kind, key.ToString()!, failed.Reason));
            }

            return;
        }

        if (_failures.ContainsKey(key))
        {
            events.Add(Troubles.Ended(kind, key.ToString()!));
        }

        _failures = _failures.Without(key);
        Report(_there.Knowing(key, want));
    }

    private async Task<Failure?> TryAsync(
        Func<CancellationToken, ValueTask> act,
        Failure? before,
        CancellationToken cancellation
    )
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await act(either.Token);
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (StillComingException)
        {
            return Coming;
        }
        catch (OperationCanceledException)
        {
            return Failed(before, $"no answer within {Patience.TotalSeconds:0} s");
        }
#pragma warning disable CA1031 // Law 4: whatever an adapter throws belongs to this object; the others go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failed(before, error.Message);
        }
    }

    private Failure Failed(Failure? before, string reason)
    {
        var count = (before?.Count ?? 0) + 1;
        return new(reason, count, time.GetUtcNow() + backoff.After(count));
    }

    private List<ObjectStatus> Describe(Map<TKey, T>? order, Sighting<TKey, T> there, Map<TKey, Failure> failures)
    {
        var wanted = order ?? there.Objects;
        var status = new List<ObjectStatus>(Math.Max(wanted.Count, there.Objects.Count));
        var keys = wanted.Keys.Union(there.Objects.Keys);
        foreach (var key in keys.OrderBy(key => key.ToString(), StringComparer.Ordinal))
        {
            var failure = failures[key];
            var condition =
                failure is not null ? ObjectCondition.Failing
                : wanted[key] is not { } want ? ObjectCondition.Leaving
                : there.IsCertain(key) && want.Equals(there.Objects[key]) ? ObjectCondition.Standing
                : ObjectCondition.Pending;
            status.Add(
                new(kind, key.ToString()!, condition, failure?.Reason ?? "", failure?.Count ?? 0, failure?.RetryAt)
            );
        }

        return status;
    }

    private sealed record Order(Map<TKey, T> Wanted, Sighting<TKey, T> Seen);

    private sealed record Failure(string Reason, int Count, DateTimeOffset RetryAt);
}
