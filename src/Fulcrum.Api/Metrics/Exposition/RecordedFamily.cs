using System.Diagnostics.Metrics;
using System.Globalization;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>
/// A histogram whose instrument is told each value: here they are counted, from the moment at which it is first heard
/// of. How many sets of labels it may have is bounded; those past the bound are not counted, and that is.
/// </summary>
internal sealed class RecordedFamily : Family
{
    private const int MostSeries = 1_000;

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<Instrument> _instruments = [];
    private readonly List<Series> _series = [];
    private readonly double[] _bounds;
    private readonly HistogramLines _lines;

    public RecordedFamily(Histogram<double> first)
        : base(first)
    {
        _bounds = [.. first.Advice?.HistogramBucketBoundaries ?? [0.005, 0.05, 0.5, 5]];
        _lines = new(Name);
        _lines.Bound([.. _bounds.Select(bound => bound.ToString(CultureInfo.InvariantCulture)), "+Inf"]);
        _listener.SetMeasurementEventCallback<double>((_, value, labels, _) => Count(value, labels));
    }

    public override string Kind => "histogram";

    public override bool IsEmpty => _instruments.Count == 0;

    public override void Add(Instrument instrument)
    {
        _instruments.Add(instrument);
        _listener.EnableMeasurementEvents(instrument);
    }

    public override void Remove(Instrument instrument)
    {
        if (_instruments.Remove(instrument))
        {
            _listener.DisableMeasurementEvents(instrument);
        }
    }

    public override void Dispose() => _listener.Dispose();

    protected override void WriteSamples(ExpositionWriter to)
    {
        lock (_lock)
        {
            foreach (var series in _series)
            {
                var sum = 0L;
                var cumulative = Array.ConvertAll(series.Counts, count => sum += count);
                to.Histogram(_lines, series.Labels, cumulative, series.Sum);
            }
        }
    }

    private void Count(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_lock)
        {
            if (Find(labels) is not { } series)
            {
                return;
            }

            var bucket = 0;
            while (bucket < _bounds.Length && value > _bounds[bucket])
            {
                bucket++;
            }

            series.Counts[bucket]++;
            series.Sum += value;
        }
    }

    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        foreach (var series in _series)
        {
            if (labels.SequenceEqual(series.Labels))
            {
                return series;
            }
        }

        if (_series.Count == MostSeries)
        {
            return null;
        }

        var added = new Series(labels.ToArray(), new long[_bounds.Length + 1]);
        _series.Add(added);
        return added;
    }

    private sealed class Series(KeyValuePair<string, object?>[] labels, long[] counts)
    {
        public KeyValuePair<string, object?>[] Labels => labels;

        public long[] Counts => counts;

        public double Sum { get; set; }
    }
}
