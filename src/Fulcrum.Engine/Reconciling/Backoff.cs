namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// How long to wait before trying again: twice as long after each failure up to a bound, less a random part, so that
/// many that failed together do not try together.
/// </summary>
/// <param name="random">The engine's only randomness; tests give it a seed.</param>
internal sealed class Backoff(Random random)
{
    private const double FirstSeconds = 1;
    private const double LongestSeconds = 30;

    // Every driver draws from it.
    private readonly Lock _lock = new();

    /// <param name="failures">In a row; 1 or more.</param>
    public TimeSpan After(int failures)
    {
        var whole = Math.Min(FirstSeconds * Math.Pow(2, failures - 1), LongestSeconds);
        lock (_lock)
        {
            return TimeSpan.FromSeconds(whole * (0.75 + (random.NextDouble() / 4)));
        }
    }
}
