using Fulcrum.Api.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Fulcrum.Hosting.Otlp;

/// <summary>Collects every so often, and all instruments of one moment.</summary>
internal sealed class RoundReader(NodeMetrics metrics, BaseExporter<Metric> exporter, TimeSpan interval)
    : PeriodicExportingMetricReader(exporter, (int)interval.TotalMilliseconds)
{
    protected override bool OnCollect(int timeoutMilliseconds)
    {
        using var round = metrics.BeginRound();
        return base.OnCollect(timeoutMilliseconds);
    }
}
