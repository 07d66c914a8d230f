using Fulcrum.Api;
using Fulcrum.Api.Metrics;
using Fulcrum.Engine.Reconciling;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fulcrum.Hosting.Otlp;

/// <summary>
/// Pushes metrics and traces to one collector, with the SDK of OpenTelemetry. Its room for series is fixed when it is made,
/// and what comes beyond is put into one series; so each instrument gets room by the objects that there are.
/// </summary>
internal sealed class OtlpConnection : IDisposable
{
    private const int PatienceMilliseconds = 10_000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    /// <param name="done">Told how each push went: whether it was one of traces, and whether it worked.</param>
    public OtlpConnection(OtlpPlan plan, NodeIdentity identity, NodeMetrics metrics, Action<bool, bool> done)
    {
        var resource = ResourceBuilder
            .CreateEmpty()
            .AddService("fulcrum", serviceVersion: identity.Version, serviceInstanceId: identity.Node);
        var metricExporter = new OtlpMetricExporter(Options(plan, "/v1/metrics"));
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("fulcrum.*")
            .AddView(instrument => new MetricStreamConfiguration
            {
                CardinalityLimit = OtlpPlan.RoomFor(metrics.SeriesOf(instrument.Name)),
            })
            .AddReader(
                new RoundReader(
                    metrics,
                    new WatchedExporter<Metric>(metricExporter, worked => done(false, worked)),
                    plan.Interval
                )
            )
            .Build();
        var traceExporter = new OtlpTraceExporter(Options(plan, "/v1/traces"));
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(EngineActivity.Name, "Microsoft.AspNetCore")
            .AddProcessor(
                new BatchActivityExportProcessor(
                    new WatchedExporter<System.Diagnostics.Activity>(traceExporter, worked => done(true, worked))
                )
            )
            .Build();
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }

    private static OtlpExporterOptions Options(OtlpPlan plan, string path) =>
        new()
        {
            Endpoint = plan.At(path),
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Headers = plan.Headers(),
            TimeoutMilliseconds = PatienceMilliseconds,
        };
}
