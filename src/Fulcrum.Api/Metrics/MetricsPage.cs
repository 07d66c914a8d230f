using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Fulcrum.Api.Metrics.Exposition;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// The page that Prometheus reads: hears of every instrument of its scope, and asks them all, family by family, while
/// it writes. Nothing is held beyond one family.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener;
    private readonly object _scope;

    public MetricsPage(object scope)
    {
        _scope = scope;
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, scope))
                {
                    Add(instrument);
                    // To hear of its end.
                    listener.EnableMeasurementEvents(instrument);
                }
            },
            MeasurementsCompleted = (instrument, _) => Remove(instrument),
        };
        _listener.Start();
    }

    /// <summary>What there is now, in the order of the page.</summary>
    public IReadOnlyList<Family> Families
    {
        get
        {
            lock (_lock)
            {
                return [.. _families.Values];
            }
        }
    }

    /// <summary>Series of the last whole page.</summary>
    public long Samples { get; private set; }

    /// <summary>Called by one at a time. False: nobody reads it any more.</summary>
    public async Task<bool> WriteAsync(PipeWriter output, ExpositionFormat format, CancellationToken cancellation)
    {
        var writer = new ExpositionWriter(output);
        foreach (var family in Families)
        {
            lock (_lock)
            {
                family.Write(writer, format);
            }

            if (!await writer.FlushAsync(cancellation))
            {
                return false;
            }
        }

        if (format.IsOpenMetrics)
        {
            writer.Line("# EOF");
        }

        Samples = writer.Samples;
        return await writer.FlushAsync(cancellation);
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var family in _families.Values)
            {
                family.Dispose();
            }

            _families.Clear();
        }
    }

    private void Add(Instrument instrument)
    {
        lock (_lock)
        {
            var name = FamilyName.Of(instrument);
            if (!_families.TryGetValue(name, out var family))
            {
                _families.Add(name, family = Make(instrument));
            }

            family.Add(instrument);
        }
    }

    private void Remove(Instrument instrument)
    {
        lock (_lock)
        {
            var name = FamilyName.Of(instrument);
            if (_families.TryGetValue(name, out var family))
            {
                family.Remove(instrument);
                if (family.IsEmpty)
                {
                    _families.Remove(name);
                    family.Dispose();
                }
            }
        }
    }

    private static Family Make(Instrument instrument) =>
        instrument is Histogram<double> histogram ? new RecordedFamily(histogram)
        : FamilyName.HistogramPart(instrument) is not null ? new CountedFamily(instrument)
        : new ObservedFamily(instrument);
}
