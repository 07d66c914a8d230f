using Fulcrum.Configuration.Shapes;
using Fulcrum.Model;

namespace Fulcrum.Configuration.Language;

internal static class MetricsShape
{
    private static readonly Shape<OtlpSettings> Otlp = new ObjectShape<OtlpSettings>(
        "otlp",
        "A collector that metrics and traces are pushed to, by OTLP over HTTP (protobuf).",
        new OtlpSettings { Endpoint = null! }
    )
        .Required(
            "endpoint",
            Urls.Of("http", "https"),
            otlp => otlp.Endpoint,
            (otlp, value) => otlp with { Endpoint = value },
            "The collector; /v1/metrics and /v1/traces are put behind it."
        )
        .Field(
            "interval",
            Quantities.DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            otlp => otlp.Interval,
            (otlp, value) => otlp with { Interval = value },
            "How often metrics are pushed."
        )
        .Field(
            "headers",
            SecretShape.Shape.Pairs(
                Scalars.Word,
                (name, value) => new SecretHeader(name, value),
                header => header.Name,
                header => header.Value
            ),
            otlp => otlp.Headers,
            (otlp, value) => otlp with { Headers = value },
            "Headers of every request, each from where a secret is kept."
        );

    public static ObjectShape<MetricsSettings> Shape { get; } =
        new ObjectShape<MetricsSettings>(
            "metrics",
            "How much is measured, and who is told beside those who ask.",
            MetricsSettings.Default
        )
            .Field(
                "max-series",
                Scalars.Integer(10_000, 50_000_000),
                metrics => metrics.MaxSeries,
                (metrics, value) => metrics with { MaxSeries = value },
                "So many series at most; past it single backends are left out first, then upstreams, services and vips."
            )
            .Field(
                "otlp",
                Otlp,
                metrics => metrics.Otlp,
                (metrics, value) => metrics with { Otlp = value },
                "A collector that metrics and traces are pushed to."
            );
}
