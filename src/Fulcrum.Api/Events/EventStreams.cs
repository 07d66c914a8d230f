using System.Buffers;
using System.Diagnostics.Metrics;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fulcrum.Api.Events;

/// <summary>
/// Everybody who follows the events. A stream holds its place in the log and one batch on its way; who does not take
/// that in time is cut off and may come back with the place where he was, so that a thousand who read and one who does
/// not cost the node the same.
/// </summary>
internal sealed class EventStreams : IDisposable
{
    public const int Most = 4096;

    /// <summary>Frames that are written in one go.</summary>
    private const int Batch = 64;

    /// <summary>For one batch, once the buffers of both sides are full.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Proxies between drop what is silent for a minute.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly byte[] Greeting = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Beat = ": \n\n"u8.ToArray();

    private readonly EventLog _log;
    private readonly EventFrames _frames;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private int _count;
    private long _dropped;

    /// <param name="scope">Whose meter it is, among those of other nodes in this process.</param>
    public EventStreams(EventLog log, TimeProvider time, object? scope)
    {
        _meter = new("fulcrum.api", null, null, scope);
        (_log, _frames, _time) = (log, new(log), time);
        _meter.CreateObservableUpDownCounter(
            "fulcrum.api.event.streams",
            () => Volatile.Read(ref _count),
            "{stream}",
            "Those that follow the events now."
        );
        _meter.CreateObservableCounter(
            "fulcrum.api.event.streams.dropped",
            () => Volatile.Read(ref _dropped),
            "{stream}",
            "Those that followed the events, did not read what came, and were cut off."
        );
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Sends all that fit, until one side has enough.</summary>
    /// <param name="from">Where to begin; null: with what is new.</param>
    public async Task FollowAsync(HttpContext context, EventPlace? from, Func<NodeEvent, bool> fits)
    {
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            context.Response.Headers.RetryAfter = "10";
            await context.RefuseAsync(
                StatusCodes.Status503ServiceUnavailable,
                $"{Most} follow the events already, and more are not served"
            );
            return;
        }

        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context, from, fits, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Either side has enough.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public void Dispose() => _meter.Dispose();

    private async Task SendAsync(
        HttpContext context,
        EventPlace? from,
        Func<NodeEvent, bool> fits,
        CancellationToken end
    )
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.BodyWriter.Write(Greeting);
        var last = _log.Newest;
        if (from is { } place)
        {
            last = place.Run == _log.Run ? Math.Min(place.Sequence, last) : 0;
            if (place.Run != _log.Run && place.Run != 0)
            {
                response.BodyWriter.Write(EventFrames.Gap(new()));
            }
        }

        await FlushAsync(context, end);
        while (true)
        {
            var (events, missed) = _log.After(last, Batch);
            if (events.Count == 0)
            {
                if (!await HasMoreAsync(last, end))
                {
                    response.BodyWriter.Write(Beat);
                    await FlushAsync(context, end);
                }

                continue;
            }

            if (missed > 0)
            {
                response.BodyWriter.Write(EventFrames.Gap(new() { Missed = missed }));
            }

            var written = missed > 0;
            foreach (var one in events.Where(fits))
            {
                response.BodyWriter.Write(_frames.Of(one));
                written = true;
            }

            last = events[^1].Sequence;
            if (written)
            {
                await FlushAsync(context, end);
            }
        }
    }

    private async Task<bool> HasMoreAsync(long last, CancellationToken end)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(end);
        var more = _log.WaitAsync(last);
        var first = await Task.WhenAny(more, Task.Delay(Heartbeat, _time, waiting.Token));
        await waiting.CancelAsync();
        end.ThrowIfCancellationRequested();
        return first == more;
    }

    private async Task FlushAsync(HttpContext context, CancellationToken end)
    {
        var flush = context.Response.BodyWriter.FlushAsync(end);
        if (flush.IsCompleted)
        {
            await flush;
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        var sent = flush.AsTask();
        var first = await Task.WhenAny(sent, Task.Delay(Patience, _time, patience.Token));
        await patience.CancelAsync();
        if (first != sent && !end.IsCancellationRequested)
        {
            Interlocked.Increment(ref _dropped);
            context.Abort();
        }

        await sent;
    }
}
