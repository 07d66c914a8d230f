using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Fulcrum.Hosting.Otlp;

/// <summary>Pushes metrics, and tells whether that worked.</summary>
internal sealed class WatchedMetricExporter(OtlpExporterOptions options, Action<bool> done)
    : OtlpMetricExporter(options)
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var result = base.Export(batch);
        done(result == ExportResult.Success);
        return result;
    }
}
