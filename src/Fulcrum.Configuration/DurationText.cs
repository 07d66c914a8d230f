using System.Diagnostics.CodeAnalysis;
using Fulcrum.Configuration.Shapes;

namespace Fulcrum.Configuration;

/// <summary>Durations as the language writes them, for command lines and queries.</summary>
public static class DurationText
{
    public const string Expected = "a duration such as 90s, 30m, 2h or 7d";

    /// <summary>More than nothing, and at most ten years.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        return text is not null && Quantities.PositiveDuration.TryParse(text, out duration);
    }

    public static string Format(TimeSpan duration) => Quantities.FormatDuration(duration);
}
