using System.Threading.Channels;
using Fulcrum.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>
/// Tells the log and the service manager how many sessions are left and how much time: at first, each time that half of
/// them have gone, every five seconds, and when none is left. Ten thousand sessions make fifteen lines beside those.
/// </summary>
/// <param name="deadline">What is left then is cut off.</param>
/// <param name="manager">Null: it listens to another process already.</param>
/// <param name="after">What else may come after the drain, for the manager.</param>
internal sealed partial class DrainProgress(
    TimeSpan deadline,
    ServiceManager? manager,
    TimeSpan after,
    TimeProvider time,
    ILogger log
) : IProgress<int>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();
    private readonly Channel<bool> _halved = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private int _left = int.MaxValue;
    private int _told = int.MaxValue;
    private int _next = int.MaxValue;

    /// <summary>On any loop; somebody else tells.</summary>
    public void Report(int value)
    {
        Volatile.Write(ref _left, value);
        if (value <= Volatile.Read(ref _next))
        {
            _halved.Writer.TryWrite(true);
        }
    }

    /// <summary>Tells until the drain is over.</summary>
    public async Task FollowAsync(Task drain)
    {
        while (true)
        {
            using var enough = new CancellationTokenSource();
            var halved = _halved.Reader.WaitToReadAsync(enough.Token).AsTask();
            var tick = Task.Delay(Pause, time, enough.Token);
            await Task.WhenAny(drain, halved, tick);
            await enough.CancelAsync();
            _ = _halved.Reader.TryRead(out _);
            var left = Volatile.Read(ref _left);
            if (left < int.MaxValue && (left > 0 || _told > 0))
            {
                _told = left;
                Volatile.Write(ref _next, left / 2);
                Tell(left);
            }

            if (drain.IsCompleted)
            {
                return;
            }
        }
    }

    private void Tell(int left)
    {
        var rest = deadline - time.GetElapsedTime(_began);
        rest = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        var seconds = (long)Math.Ceiling(rest.TotalSeconds);
        manager?.Draining($"draining, {left} sessions left, {seconds} s to the deadline", rest + after);
        if (left > 0)
        {
            LogLeft(log, left, seconds);
        }
        else
        {
            LogNone(log);
        }
    }
}
