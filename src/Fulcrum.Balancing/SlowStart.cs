namespace Fulcrum.Balancing;

/// <summary>
/// A backend that has just come up gets less than its share at first: its caches are cold. Weights are whole numbers, so
/// while any backend of an upstream is starting, all its weights are taken times the percentage each has reached.
/// </summary>
public static class SlowStart
{
    /// <summary>
    /// The part of its weight, 1 to 100 percent, that a backend has after <paramref name="up"/>; it rises evenly over
    /// <paramref name="window"/>.
    /// </summary>
    public static int Percent(TimeSpan up, TimeSpan window) =>
        up >= window ? 100
        : up <= TimeSpan.Zero ? 1
        : Math.Max(1, (int)(up.Ticks / (double)window.Ticks * 100));
}
