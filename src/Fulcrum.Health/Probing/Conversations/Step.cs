namespace Fulcrum.Health.Probing.Conversations;

/// <summary>How a conversation goes on.</summary>
/// <param name="Say">To be sent, even when it is over; empty: nothing.</param>
/// <param name="Result">It is over; null: it goes on.</param>
/// <param name="IsTruncated">The whole answer is to be had only over a stream: ask there.</param>
internal readonly record struct Step(ReadOnlyMemory<byte> Say, ProbeResult? Result, bool IsTruncated)
{
    public static Step Continue => default;

    public static Step Truncated => new(default, null, true);

    public static Step Speak(ReadOnlyMemory<byte> say) => new(say, null, false);

    /// <param name="result">What came of it.</param>
    /// <param name="farewell">What the peer wants to hear before the connection ends, or it counts a failure.</param>
    public static Step Finish(ProbeResult result, ReadOnlyMemory<byte> farewell = default) =>
        new(farewell, result, false);
}
