using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>
/// What an instrument is called on the page: dots become underscores, and the unit stands at the end, as Prometheus
/// wants it and OpenMetrics section 5.2.1 demands it.
/// </summary>
internal static class FamilyName
{
    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["s"] = "seconds",
        ["By"] = "bytes",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>As in UNIT; null: it counts things.</summary>
    public static string? UnitOf(Instrument instrument) => Units.GetValueOrDefault(instrument.Unit ?? "");

    /// <summary>Without <c>_total</c>.</summary>
    public static string Of(Instrument instrument)
    {
        var name = HistogramPart(instrument) is { } part ? instrument.Name[..^part.Length] : instrument.Name;
        name = name.Replace('.', '_').Replace('-', '_');
        var unit = HistogramPart(instrument) is null ? UnitOf(instrument) : "seconds";
        return unit is null || name.EndsWith('_' + unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>Of a histogram that was counted elsewhere: which of its instruments it is.</summary>
    public static string? HistogramPart(Instrument instrument) =>
        instrument.Name.EndsWith(HistogramName.Bucket, StringComparison.Ordinal) ? HistogramName.Bucket
        : instrument.Name.EndsWith(HistogramName.Sum, StringComparison.Ordinal) ? HistogramName.Sum
        : null;
}
