namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// Bounds how many of a service's sessions are retries, so that backends which fail under load do not get more of it:
/// within the last ten seconds at most a share of the sessions that began, or a few each second, whichever is more.
/// <para>
/// Each loop counts the sessions that begin, by the second, without asking anybody; only who retries takes the lock and
/// adds the loops' counts up.
/// </para>
/// </summary>
internal sealed class RetryCount
{
    /// <summary>Seconds that count.</summary>
    public const int Window = 10;

    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly Lock _lock = new();
    private readonly PerSecond[] _sessions;
    private readonly PerSecond _retries = new();

    public RetryCount(int loops)
    {
        _sessions = new PerSecond[loops];
        for (var loop = 0; loop < loops; loop++)
        {
            _sessions[loop] = new PerSecond();
        }
    }

    /// <summary>A session begins.</summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    public void CountSession(int loop, long now) => _sessions[loop].Add(now / MicrosecondsPerSecond, 1);

    /// <summary>Takes one retry out of the budget, if there is one.</summary>
    /// <param name="share">Of the sessions.</param>
    /// <param name="minimum">A second.</param>
    public bool TrySpend(double share, int minimum, long now)
    {
        var second = now / MicrosecondsPerSecond;
        lock (_lock)
        {
            var sessions = 0L;
            foreach (var loop in _sessions)
            {
                sessions += loop.Sum(second);
            }
            if (_retries.Sum(second) + 1 > Math.Max(share * sessions, (long)minimum * Window))
            {
                return false;
            }
            _retries.Add(second, 1);
            return true;
        }
    }

    /// <summary>Gives one back: it did not come to it.</summary>
    public void Refund(long now)
    {
        lock (_lock)
        {
            _retries.Add(now / MicrosecondsPerSecond, -1);
        }
    }

    /// <summary>Counts by the second. One writes at a time; whoever reads meanwhile may miss what is just added.</summary>
    private sealed class PerSecond
    {
        // More than the window, so that no reader meets a second that is being cleared.
        private const int Slots = 16;

        private readonly long[] _seconds = new long[Slots];
        private readonly long[] _counts = new long[Slots];

        public void Add(long second, long count)
        {
            var slot = (int)(second % Slots);
            if (_seconds[slot] != second)
            {
                Volatile.Write(ref _counts[slot], 0);
                Volatile.Write(ref _seconds[slot], second);
            }
            Volatile.Write(ref _counts[slot], _counts[slot] + count);
        }

        public long Sum(long now)
        {
            var sum = 0L;
            for (var slot = 0; slot < Slots; slot++)
            {
                var second = Volatile.Read(ref _seconds[slot]);
                sum += second > now - Window && second <= now ? Volatile.Read(ref _counts[slot]) : 0;
            }
            return sum;
        }
    }
}
