using System.Globalization;

namespace Fulcrum.TestKit;

/// <summary>
/// Scales the long counts of an acceptance test. Daily runs do a twentieth; <c>FULCRUM_SOAK=1</c> does them in full,
/// another number that fraction or multiple of them.
/// </summary>
public static class Soak
{
    /// <summary>The share that daily runs do.</summary>
    public const double DailyShare = 1.0 / 20;

    /// <summary>The share of the full counts that this run does.</summary>
    public static double Share { get; } = ShareFrom(Environment.GetEnvironmentVariable("FULCRUM_SOAK"));

    /// <summary>How much of <paramref name="full"/> to do in this run; at least <paramref name="atLeast"/>.</summary>
    public static int Count(int full, int atLeast = 1) => Math.Max(atLeast, (int)Math.Ceiling(full * Share));

    internal static double ShareFrom(string? variable) =>
        variable is null ? DailyShare : double.Parse(variable, NumberStyles.Float, CultureInfo.InvariantCulture);
}
