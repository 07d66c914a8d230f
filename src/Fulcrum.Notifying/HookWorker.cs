using System.Text.Json;
using System.Threading.Channels;
using Fulcrum.Engine.Events;
using Fulcrum.Model.Hooks;

namespace Fulcrum.Notifying;

/// <summary>
/// Tells one hook, in order and one telling at a time. What comes while it is told is gathered and told together, so
/// that a storm of events does not become a storm of programs; what comes faster than it is taken pushes out the
/// oldest, and is counted.
/// </summary>
internal sealed class HookWorker(
    string node,
    Hook hook,
    IHookSender sender,
    HookCounters counters,
    Action<string, bool> tell,
    TimeProvider time,
    Random random
)
{
    private const int MostWaiting = 1000;
    private const int MostInATelling = 100;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HookFilter _filter = new(hook);
    private readonly Channel<NodeEvent> _waiting = Channel.CreateUnbounded<NodeEvent>();
    private long _missed;
    private bool _isFailing;

    public void Offer(NodeEvent one)
    {
        if (!_filter.Wants(one))
        {
            return;
        }

        if (_waiting.Reader.Count >= MostWaiting && _waiting.Reader.TryRead(out _))
        {
            Miss(1);
        }

        _waiting.Writer.TryWrite(one);
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await _waiting.Reader.WaitToReadAsync(stop))
        {
            var events = new List<ToldEvent>();
            while (events.Count < MostInATelling && _waiting.Reader.TryRead(out var one))
            {
                events.Add(ToldEvent.Of(one));
            }

            await TellAsync(events, stop);
        }
    }

    private async Task TellAsync(List<ToldEvent> events, CancellationToken stop)
    {
        var missed = Interlocked.Exchange(ref _missed, 0);
        var telling = JsonSerializer.SerializeToUtf8Bytes(
            new TellingDocument
            {
                Node = node,
                Hook = hook.Name,
                Missed = missed,
                Events = events,
            },
            TellingJson.Default.TellingDocument
        );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await sender.SendAsync(hook, telling, stop);
                counters.Told(events.Count);
                if (_isFailing)
                {
                    tell("it is told again", false);
                }

                _isFailing = false;
                return;
            }
            // What is no refusal is a defect, and still only this telling's.
            catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                counters.Failed();
                if (!_isFailing)
                {
                    tell(error.Message, true);
                }

                _isFailing = true;
                if (attempt >= hook.Attempts)
                {
                    // Those before were counted when they were missed.
                    Interlocked.Add(ref _missed, missed);
                    Miss(events.Count);
                    return;
                }
            }

            await Task.Delay(PauseAfter(attempt), time, stop);
        }
    }

    // Hooks of several nodes that fail together must not try together.
    private TimeSpan PauseAfter(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 16));
        return (pause < LongestPause ? pause : LongestPause) * (0.75 + (random.NextDouble() / 2));
    }

    private void Miss(long count)
    {
        Interlocked.Add(ref _missed, count);
        counters.Missed(count);
    }
}
