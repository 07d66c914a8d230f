using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;

namespace Fulcrum.Configuration.Language;

internal static class MetricsShape
{
    public static ObjectShape<MetricsSettings> Shape { get; } =
        new ObjectShape<MetricsSettings>("metrics", "How much is measured.", MetricsSettings.Default).Field(
            "max-series",
            Scalars.Integer(10_000, 50_000_000),
            metrics => metrics.MaxSeries,
            (metrics, value) => metrics with { MaxSeries = value },
            "So many series at most; past it single backends are left out first, then upstreams, services and vips."
        );
}
