using Xunit;

namespace Fulcrum.TestKit;

/// <summary>
/// Bounded waiting that says what it waited for. The only place in the tests that lets real time pass: a condition
/// is asked often, and the bound is generous, because it is paid only by a test that fails.
/// </summary>
public static class Wait
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(25);

    /// <summary>How long to wait unless told otherwise: far more than a busy machine needs. A guest is several times slower.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(Require.IsGuest ? 120 : 30);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="timeout"/>; names <paramref name="what"/>.</exception>
    public static Task Until(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        Until(() => Task.FromResult(condition()), what, timeout);

    /// <inheritdoc cref="Until(Func{bool},string,TimeSpan?)"/>
    public static async Task Until(Func<Task<bool>> condition, string what, TimeSpan? timeout = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        var bound = timeout ?? DefaultTimeout;
        var poll = ShortestPoll;
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > bound)
            {
                throw new TimeoutException($"waited {bound.TotalSeconds:0.###} s in vain for {what}");
            }

            await Task.Delay(poll, TimeProvider.System, TestContext.Current.CancellationToken);
            poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
        }
    }

    /// <summary>Waits until <paramref name="get"/> gives something other than null, and returns that.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="timeout"/>; names <paramref name="what"/>.</exception>
    public static async Task<T> ForValue<T>(Func<T?> get, string what, TimeSpan? timeout = null)
        where T : class
    {
        T? value = null;
        await Until(() => (value = get()) is not null, what, timeout);
        return value!;
    }

    /// <summary>Waits for a task, but not for ever.</summary>
    /// <exception cref="TimeoutException">It did not end within <paramref name="timeout"/>; names <paramref name="what"/>.</exception>
    public static async Task For(Task task, string what, TimeSpan? timeout = null)
    {
        var bound = timeout ?? DefaultTimeout;
        using var enough = new CancellationTokenSource();
        var delay = Task.Delay(bound, TimeProvider.System, enough.Token);
        if (await Task.WhenAny(task, delay) == delay)
        {
            throw new TimeoutException($"waited {bound.TotalSeconds:0.###} s in vain for {what}");
        }

        await enough.CancelAsync();
        await task;
    }

    /// <inheritdoc cref="For(Task,string,TimeSpan?)"/>
    public static async Task<T> For<T>(Task<T> task, string what, TimeSpan? timeout = null)
    {
        await For((Task)task, what, timeout);
        return await task;
    }

    /// <summary>The pause between two requests of a paced load generator: load has a rate, and a rate needs time.</summary>
    public static Task Pace(TimeSpan interval, CancellationToken cancellation) =>
        interval > TimeSpan.Zero
            ? Task.Delay(interval, TimeProvider.System, cancellation)
                .ContinueWith(
                    static _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
            : Task.CompletedTask;
}
