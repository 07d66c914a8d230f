namespace Fulcrum.Output;

/// <summary>The words of documents with what they mean for who reads.</summary>
internal static class Tones
{
    /// <summary>A health, a verdict, a duty, the state or role of a vip, or the state of a certificate.</summary>
    public static Cell Of(string word) =>
        new(
            word,
            word switch
            {
                "healthy" or "up" or "good" or "valid" or "ready" => Tone.Good,
                "unhealthy" or "bad" or "DOWN" or "expired" or "missing" or "not-yet-valid" or "failing" => Tone.Bad,
                "unknown"
                or "unclear"
                or "raising"
                or "withdrawing"
                or "drain"
                or "leaving"
                or "fenced"
                or "expiring"
                or "pending" => Tone.Warning,
                "down" => Tone.Bad,
                "unused" or "rest" or "standby" => Tone.Dim,
                _ => Tone.Plain,
            }
        );

    public static Cell Dim(string? text) => new(text ?? "", Tone.Dim);

    /// <summary>So many of so many.</summary>
    public static Cell Share(int some, int all) =>
        new(
            $"{some}/{all}",
            all == 0 || some == all ? Tone.Plain
                : some == 0 ? Tone.Bad
                : Tone.Warning
        );
}
