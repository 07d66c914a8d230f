using System.Globalization;

namespace Fulcrum.Output;

/// <summary>Spans of time as people read them at a glance.</summary>
internal static class Spans
{
    /// <summary>In the two greatest units: <c>3d4h</c>, <c>5m2s</c>.</summary>
    public static string Age(TimeSpan age) =>
        age.TotalDays >= 1 ? $"{(int)age.TotalDays}d{age.Hours}h"
        : age.TotalHours >= 1 ? $"{(int)age.TotalHours}h{age.Minutes}m"
        : age.TotalMinutes >= 1 ? $"{age.Minutes}m{age.Seconds}s"
        : $"{Math.Max(0, age.Seconds)}s";

    /// <summary>Until then; <c>never</c> where there is no end.</summary>
    public static string Until(DateTimeOffset? end, DateTimeOffset now) => end is { } at ? Age(at - now) : "never";

    /// <summary>In milliseconds or seconds: <c>0.31ms</c>, <c>12ms</c>, <c>1.5s</c>.</summary>
    public static string Short(double milliseconds) =>
        milliseconds switch
        {
            < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##}ms"),
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0}ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.#}s"),
        };
}
