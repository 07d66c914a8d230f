using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// Keeps one adapter as it is wanted: reads what is there, compares, and takes away, makes and changes object by
/// object. One that fails waits for its own retry and holds up no other; one that hangs is given up after a time.
/// What is there is read again from time to time, since others may meddle.
/// </summary>
/// <param name="kind">What the adapter holds, for status and log.</param>
/// <param name="report">Told whenever what is there changed.</param>
internal sealed partial class ObjectDriver<TKey, T>(
    string kind,
    IObjectAdapter<T> adapter,
    Func<T, TKey> keyOf,
    Action<Map<TKey, T>> report,
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

    private readonly Bell _bell = new();
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Map<TKey, T>? _wanted;
    private volatile Map<TKey, T> _there = Map<TKey, T>.Empty;
    private volatile Map<TKey, Failure> _failures = Map<TKey, Failure>.Empty;
    private Failure? _readFailure;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Complete when what is there was read once, or could not be; cancelled when it ends before.</summary>
    public Task FirstRead => _firstRead.Task;

    public IReadOnlyList<ObjectStatus> Status => Describe(_wanted ?? _there, _there, _failures);

    /// <summary>From now on these and no others. Until this was said once, what is there stays.</summary>
    public void Want(Map<TKey, T> wanted)
    {
        if (!ReferenceEquals(wanted, _wanted))
        {
            _wanted = wanted;
            _bell.Ring();
        }
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
        _bell.Ring();
        while (true)
        {
            await _bell.WaitAsync(cancellation);
            if (_readAt <= time.GetUtcNow())
            {
                await ReadAsync(cancellation);
            }

            _firstRead.TrySetResult();
            if (_readFailure is null && _wanted is { } wanted)
            {
                await ReconcileAsync(wanted, cancellation);
            }

            // Nothing is tried again before it is known what is there.
            var retries = _readFailure is null ? _failures.Values.Select(failure => failure.RetryAt) : [];
            var next = retries.Append(_readAt).Min();
            var wait = next - time.GetUtcNow();
            alarm.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

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
        var there = Map<TKey, T>.Empty;
        foreach (var item in objects)
        {
            var known = _there[keyOf(item)];
            there = there.With(keyOf(item), known is not null && known.Equals(item) ? known : item);
        }

        if (there.ChangesSince(_there).Count > 0)
        {
            _there = there;
            report(there);
        }
    }

    private async Task ReconcileAsync(Map<TKey, T> wanted, CancellationToken cancellation)
    {
        // In the order of names: what is done does not depend on the order of a hash table.
        foreach (
            var (key, want, have) in wanted.ChangesSince(_there).Select(Turn).OrderBy(Named, StringComparer.Ordinal)
        )
        {
            if (!ReferenceEquals(wanted, _wanted))
            {
                // The bell has rung: what was decided meanwhile comes first.
                return;
            }

            if ((want is null || !want.Equals(have)) && !(_failures[key]?.RetryAt > time.GetUtcNow()))
            {
                await ChangeAsync(key, want, have, cancellation);
            }
        }

        // What is as it is wanted, by whatever way, is not tried again.
        foreach (var key in _failures.Keys.Where(key => Equals(wanted[key], _there[key])))
        {
            _failures = _failures.Without(key);
        }
    }

    private async Task ChangeAsync(TKey key, T? want, T? have, CancellationToken cancellation)
    {
        var failed = await TryAsync(
            patience => want is null ? adapter.RemoveAsync(have!, patience) : adapter.SetAsync(want, patience),
            _failures[key],
            cancellation
        );
        if (failed is not null)
        {
            _failures = _failures.With(key, failed);
            LogFailed(kind, key.ToString()!, failed.Reason, failed.Count);
            return;
        }

        _failures = _failures.Without(key);
        _there = want is null ? _there.Without(key) : _there.With(key, want);
        report(_there);
    }

    private static (TKey Key, T? Want, T? Have) Turn(MapChange<TKey, T> change) =>
        (change.Key, change.After, change.Before);

    private static string Named((TKey Key, T? Want, T? Have) difference) => difference.Key.ToString()!;

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

    private List<ObjectStatus> Describe(Map<TKey, T> wanted, Map<TKey, T> there, Map<TKey, Failure> failures)
    {
        var status = new List<ObjectStatus>(Math.Max(wanted.Count, there.Count));
        foreach (var key in wanted.Keys.Union(there.Keys).OrderBy(key => key.ToString(), StringComparer.Ordinal))
        {
            var failure = failures[key];
            var condition =
                failure is not null ? ObjectCondition.Failing
                : wanted[key] is not { } want ? ObjectCondition.Leaving
                : want.Equals(there[key]) ? ObjectCondition.Standing
                : ObjectCondition.Pending;
            status.Add(
                new(kind, key.ToString()!, condition, failure?.Reason ?? "", failure?.Count ?? 0, failure?.RetryAt)
            );
        }

        return status;
    }

    private sealed record Failure(string Reason, int Count, DateTimeOffset RetryAt);
}
