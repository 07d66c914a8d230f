using System.Globalization;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Watching;

namespace Fulcrum.Following;

/// <summary>
/// <c>fulcrum events</c>: a line for each event, until somebody has enough. While the node is away it asks more and more
/// seldom, says so once, and goes on where it was.
/// </summary>
internal sealed class EventFollower(ApiClient client, EventQuery query, bool isJson, Surroundings around)
{
    private string? _last;
    private bool _wasThere;
    private bool _isAway;

    /// <exception cref="ApiException">The node does not want to tell.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var interrupt = new Interrupt(cancellation);
        var pace = new Pace(TimeSpan.FromSeconds(1));
        var failures = 0;
        while (!interrupt.Token.IsCancellationRequested)
        {
            try
            {
                await using var stream = await client.FollowAsync(query.Path, _last, interrupt.Token);
                failures = 0;
                await TellThereAsync();
                await foreach (var frame in EventReader.ReadAsync(stream, around.Time, interrupt.Token))
                {
                    await TellAsync(frame);
                }

                throw new ApiException("it has ended the stream");
            }
            catch (ApiException error) when (MayComeBack(error))
            {
                pace.Failed(++failures);
                await TellAwayAsync(error.Message);
                await PauseAsync(pace.Next, interrupt.Token);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // A node that has no time now, or is stopping, may have time later; what it forbids stays forbidden.
    private bool MayComeBack(ApiException error) =>
        error.Refusal is null || (_wasThere && error.Refusal.Status is 429 or >= 500);

    private async Task TellAsync(EventFrame frame)
    {
        _last = frame.Id ?? _last;
        await around.Output.WriteLineAsync(isJson ? EventText.Json(frame) : EventText.Line(frame, around.Look()));
        await around.Output.FlushAsync(CancellationToken.None);
    }

    private async Task TellThereAsync()
    {
        if (_isAway)
        {
            // Without a place to go on from nobody can say what happened in between.
            var missing = _wasThere && _last is null ? " What happened meanwhile is not told." : "";
            await around.Error.WriteLineAsync($"The node answers again.{missing}");
        }

        (_isAway, _wasThere) = (false, true);
    }

    private async Task TellAwayAsync(string trouble)
    {
        if (!_isAway)
        {
            _isAway = true;
            await around.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"No answer: {trouble}. Asking again until there is one.")
            );
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(pause, around.Time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Somebody has enough.
        }
    }
}
