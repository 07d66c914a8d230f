namespace Fulcrum.Bench.Live;

/// <summary>What became of frames while the program that they went through was replaced.</summary>
/// <param name="Times">How often that was.</param>
/// <param name="Arrived">As it should.</param>
internal readonly record struct Replaced(Lane Lane, int Times, long Sent, long Arrived)
{
    /// <summary>What is not as it should be; null: nothing.</summary>
    public string? Missed =>
        Arrived < Sent ? FormattableString.Invariant($"{Lane.Name}: {Sent - Arrived} frames were lost") : null;

    public override string ToString() =>
        FormattableString.Invariant(
            $"{Lane.Name}, its program replaced {Times:N0} times meanwhile: {Arrived:N0} of {Sent:N0} frames came out"
        );
}
