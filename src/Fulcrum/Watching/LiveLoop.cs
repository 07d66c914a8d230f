using System.Threading.Channels;
using Fulcrum.Hosting;

namespace Fulcrum.Watching;

/// <summary>
/// Asks a node again and again and shows what it says, until somebody has enough. While the node is away it asks more
/// and more seldom, and says so. This is the one place that decides when to ask: a stream of events can take its place
/// by nudging it.
/// </summary>
/// <param name="time">What pauses go by.</param>
/// <param name="every">How often.</param>
internal sealed class LiveLoop(TimeProvider time, TimeSpan every)
{
    // One that is pending is enough: whoever draws draws everything.
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Shows again what is known, now: the window or what is wanted of it has changed.</summary>
    public void Redraw() => _nudges.Writer.TryWrite(true);

    /// <param name="read">One question and its answer.</param>
    /// <param name="show">False: enough.</param>
    /// <exception cref="ApiException">The node has refused the first question.</exception>
    public async Task RunAsync<T>(
        Func<CancellationToken, Task<T>> read,
        Func<Reading<T>, Task<bool>> show,
        CancellationToken cancellation
    )
        where T : class
    {
        var pace = new Pace(every);
        var (value, at, failures) = (default(T), default(DateTimeOffset), 0);
        while (!cancellation.IsCancellationRequested)
        {
            string? trouble = null;
            try
            {
                value = await read(cancellation);
                (at, failures) = (time.GetUtcNow(), 0);
                pace.Succeeded();
            }
            catch (ApiException error) when (error.Refusal is null || value is not null)
            {
                trouble = error.Message;
                pace.Failed(++failures);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            var again = time.GetUtcNow() + pace.Next;
            var reading = new Reading<T>(value, at, true, trouble, again);
            if (!await show(reading))
            {
                return;
            }

            while (await IsNudgedAsync(again, cancellation))
            {
                if (!await show(reading with { IsNew = false }))
                {
                    return;
                }
            }
        }
    }

    // False: it is time to ask again, or somebody has enough.
    private async Task<bool> IsNudgedAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        var pause = until - time.GetUtcNow();
        using var patience = new CancellationTokenSource(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await _nudges.Reader.ReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
