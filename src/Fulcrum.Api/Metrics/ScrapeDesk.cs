using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Fulcrum.Api.Metrics.Exposition;
using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// One page is written at a time, since each costs a moment of one core and some megabytes; a few may wait for that,
/// and not for ever. One whose reader does not read is given up.
/// </summary>
internal sealed class ScrapeDesk : IDisposable
{
    /// <summary>So many may wait.</summary>
    public const int MostWaiting = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly MetricsPage _page;
    private readonly CensusTaker _census;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Meter _meter;
    private int _present;
    private long _served;
    private long _refused;
    private long _abandoned;

    public ScrapeDesk(MetricsPage page, CensusTaker census, object scope, TimeProvider time)
    {
        (_page, _census, _time) = (page, census, time);
        _meter = new(new MeterOptions("fulcrum.scrapes") { Scope = scope });
        _meter.CreateObservableCounter(
            "fulcrum.metrics.scrapes",
            Count,
            "{scrape}",
            "Pages of metrics, by how it went."
        );
        _meter.CreateObservableGauge(
            "fulcrum.metrics.series",
            () => page.Samples,
            "{series}",
            "Series of the last page that was written."
        );
    }

    /// <summary>Those that are served or wait.</summary>
    internal int Present => Volatile.Read(ref _present);

    /// <summary>Series of the last whole page.</summary>
    internal long LastSamples => _page.Samples;

    /// <summary>Waits for its turn; false: too many do.</summary>
    public async Task<bool> TryEnterAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        if (Interlocked.Increment(ref _present) <= MostWaiting + 1)
        {
            try
            {
                await _turn.WaitAsync(either.Token);
                return true;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // It was not its turn in time.
            }
            catch
            {
                Interlocked.Decrement(ref _present);
                throw;
            }
        }

        Interlocked.Decrement(ref _present);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Writes the page, after <see cref="TryEnterAsync"/>, and lets the next one in.</summary>
    public async Task ServeAsync(PipeWriter output, ExpositionFormat format, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var whole = false;
        try
        {
            using var round = _census.Begin();
            whole = await _page.WriteAsync(output, format, either.Token);
        }
        finally
        {
            Interlocked.Increment(ref whole ? ref _served : ref _abandoned);
            Interlocked.Decrement(ref _present);
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _turn.Dispose();
    }

    private Measurement<long>[] Count() =>
        [
            new(Volatile.Read(ref _served), new Label("result", "served")),
            new(Volatile.Read(ref _refused), new Label("result", "refused")),
            new(Volatile.Read(ref _abandoned), new Label("result", "abandoned")),
        ];
}
