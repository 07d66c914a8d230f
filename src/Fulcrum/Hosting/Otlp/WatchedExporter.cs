using OpenTelemetry;

namespace Fulcrum.Hosting.Otlp;

/// <summary>Tells how each export went, whatever the exporter throws.</summary>
internal sealed class WatchedExporter<T>(BaseExporter<T> exporter, Action<bool> done) : BaseExporter<T>
    where T : class
{
    public override ExportResult Export(in Batch<T> batch)
    {
        var result = ExportResult.Failure;
        try
        {
            result = exporter.Export(batch);
        }
#pragma warning disable CA1031 // Law 4: whatever an exporter throws belongs to this attempt.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Told by its result.
        }

        done(result == ExportResult.Success);
        return result;
    }

    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            exporter.Dispose();
        }

        base.Dispose(disposing);
    }
}
