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
    private int _left = int.MaxValue;
    private int _told = int.MaxValue;

    /// <summary>Reports come from several loops at once, and a late one says no less than an early one.</summary>
    public void Report(int value)
    {
        Volatile.Write(ref _left, value);
        var told = Volatile.Read(ref _told);
        if (
            (value == 0 || value <= told / 2)
            && value < told
            && Interlocked.CompareExchange(ref _told, value, told) == told
        )
        {
            Tell(value);
        }
    }

    /// <summary>Until it is over.</summary>
    public async Task FollowAsync(Task drain)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync().AsTask();
            if (await Task.WhenAny(drain, tick) == drain)
            {
                return;
            }

            if (Volatile.Read(ref _left) is > 0 and < int.MaxValue and var left)
            {
                Tell(left);
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
