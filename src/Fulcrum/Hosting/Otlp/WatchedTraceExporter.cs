using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Fulcrum.Hosting.Otlp;

/// <summary>Pushes traces, and tells whether that worked.</summary>
internal sealed class WatchedTraceExporter(OtlpExporterOptions options, Action<bool> done) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        var result = base.Export(batch);
        done(result == ExportResult.Success);
        return result;
    }
}
