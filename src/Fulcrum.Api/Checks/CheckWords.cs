namespace Fulcrum.Api.Checks;

/// <summary>How checks are written in documents.</summary>
internal static class CheckWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>To the microsecond.</summary>
    public static double? Milliseconds(TimeSpan? span) =>
        span is { } time ? Math.Round(time.TotalMilliseconds, 3) : null;
}
