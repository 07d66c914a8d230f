namespace Fulcrum.Protocols.Greetings;

/// <summary>Where a greeting stands.</summary>
/// <param name="Text">What the server said of itself when it is good; why it is bad.</param>
/// <param name="ToSend">What to send now; with a verdict, to take leave.</param>
public readonly record struct GreetingStep(GreetingVerdict Verdict, string Text, ReadOnlyMemory<byte> ToSend)
{
    /// <summary>More must come.</summary>
    public static GreetingStep Continue { get; } = Send(default);

    public static GreetingStep Send(ReadOnlyMemory<byte> toSend) => new(GreetingVerdict.Open, "", toSend);

    public static GreetingStep Good(string text, ReadOnlyMemory<byte> farewell = default) =>
        new(GreetingVerdict.Good, text, farewell);

    public static GreetingStep Bad(string text, ReadOnlyMemory<byte> farewell = default) =>
        new(GreetingVerdict.Bad, text, farewell);
}

public enum GreetingVerdict
{
    Open,
    Good,
    Bad,
}
