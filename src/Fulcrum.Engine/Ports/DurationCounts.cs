using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>How many times took how long.</summary>
/// <param name="Bounds">In microseconds, rising; each is the longest that its bucket takes.</param>
/// <param name="Counts">Of each bucket alone; one more than bounds, the last for what took longer.</param>
/// <param name="Microseconds">All of them together.</param>
public sealed record DurationCounts(Items<long> Bounds, Items<long> Counts, long Microseconds)
{
    public static DurationCounts None { get; } = new([], [0], 0);
}
