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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2 })
    {
        Timeout = Patience,
    };
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    /// <param name="done">Told how each push went: whether it was one of traces, and whether it worked.</param>
    public OtlpConnection(OtlpPlan plan, NodeIdentity identity, NodeMetrics metrics, Action<bool, bool> done)
    {
        foreach (var (name, value) in plan.Headers())
        {
            // The exporter's own option for headers takes a comma in a value for the next header.
            _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        var resource = ResourceBuilder
            .CreateEmpty()
            .AddService("fulcrum", serviceVersion: identity.Version, serviceInstanceId: identity.Node);
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
                    new WatchedMetricExporter(Options(plan, "/v1/metrics"), worked => done(false, worked)),
                    plan.Interval
                )
            )
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(EngineActivity.Name, "Microsoft.AspNetCore")
            .AddProcessor(
                new BatchActivityExportProcessor(
                    new WatchedTraceExporter(Options(plan, "/v1/traces"), worked => done(true, worked))
                )
            )
            .Build();
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
        _http.Dispose();
    }

    private OtlpExporterOptions Options(OtlpPlan plan, string path) =>
        new()
        {
            Endpoint = plan.At(path),
            Protocol = OtlpExportProtocol.HttpProtobuf,
            TimeoutMilliseconds = (int)Patience.TotalMilliseconds,
            HttpClientFactory = () => _http,
        };
}
