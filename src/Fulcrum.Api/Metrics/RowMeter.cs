using System.Diagnostics.Metrics;
using System.Globalization;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Fulcrum.Api.Metrics;

/// <summary>Instruments that tell the same of each of many objects, and how many series that makes.</summary>
internal sealed class RowMeter<TRow>(Meter meter, Func<IReadOnlyList<TRow>> rows, Func<TRow, Label[]> labelsOf)
{
    private readonly List<Func<TRow, int>> _series = [];

    /// <summary>How many series the row makes.</summary>
    public int SeriesOf(TRow row)
    {
        var sum = 0;
        foreach (var series in _series)
        {
            sum += series(row);
        }

        return sum;
    }

    /// <summary>What only grows.</summary>
    public void Counter(string name, Func<TRow, long> read, string unit, string help, Func<TRow, bool>? where = null)
    {
        _series.Add(row => where?.Invoke(row) == false ? 0 : 1);
        meter.CreateObservableCounter(name, () => Each(read, where), unit, help);
    }

    /// <summary>What only grows, in parts that another label tells apart.</summary>
    public void Counter(
        string name,
        string label,
        (string Word, Func<TRow, long> Read)[] parts,
        string unit,
        string help,
        Func<TRow, bool>? where = null
    )
    {
        _series.Add(row => where?.Invoke(row) == false ? 0 : parts.Length);
        var labels = Array.ConvertAll(parts, part => new Label(label, part.Word));
        meter.CreateObservableCounter(name, Each, unit, help);

        IEnumerable<Measurement<long>> Each()
        {
            // A measurement copies its labels, so that one array does for all.
            Label[] all = [];
            foreach (var row in rows())
            {
                if (where?.Invoke(row) == false)
                {
                    continue;
                }

                all = WithRoom(all, labelsOf(row));
                for (var part = 0; part < parts.Length; part++)
                {
                    all[^1] = labels[part];
                    yield return new(parts[part].Read(row), all);
                }
            }
        }
    }

    /// <summary>What is so now.</summary>
    public void Gauge(string name, Func<TRow, long> read, string? unit, string help, Func<TRow, bool>? where = null)
    {
        _series.Add(row => where?.Invoke(row) == false ? 0 : 1);
        meter.CreateObservableGauge(name, () => Each(read, where), unit, help);
    }

    /// <summary>
    /// Observable histograms do not exist, and recording each session would put the instrument's work on the loops. So
    /// a histogram that was counted elsewhere is two counters: NAME.bucket with the label <c>le</c>, cumulative as in
    /// Prometheus, and NAME.sum in seconds. <c>/metrics</c> puts them together again.
    /// </summary>
    public void Histogram(string name, Func<TRow, DurationCounts> read, string help, Func<TRow, bool>? where = null)
    {
        // Buckets, the last among them for all; count and sum.
        _series.Add(row => where?.Invoke(row) == false ? 0 : read(row).Counts.Count + 2);
        meter.CreateObservableCounter(name + HistogramName.Bucket, Buckets, "{observation}", help);
        meter.CreateObservableCounter(name + HistogramName.Sum, Sums, "s", help);

        IEnumerable<Measurement<long>> Buckets()
        {
            Label[] all = [];
            Items<long> bounds = [];
            var texts = BoundLabels(bounds);
            foreach (var row in rows())
            {
                if (where?.Invoke(row) == false)
                {
                    continue;
                }

                var counts = read(row);
                if (counts.Bounds != bounds)
                {
                    (bounds, texts) = (counts.Bounds, BoundLabels(counts.Bounds));
                }

                all = WithRoom(all, labelsOf(row));
                var sum = 0L;
                for (var bucket = 0; bucket < counts.Counts.Count; bucket++)
                {
                    sum += counts.Counts[bucket];
                    all[^1] = texts[bucket];
                    yield return new(sum, all);
                }
            }
        }

        IEnumerable<Measurement<double>> Sums()
        {
            foreach (var row in rows())
            {
                if (where?.Invoke(row) != false)
                {
                    yield return new(read(row).Microseconds / 1e6, labelsOf(row));
                }
            }
        }
    }

    private static Label[] BoundLabels(Items<long> bounds) =>
        [
            .. bounds.Select(bound => new Label(
                HistogramName.Bound,
                (bound / 1e6).ToString(CultureInfo.InvariantCulture)
            )),
            new(HistogramName.Bound, "+Inf"),
        ];

    private static Label[] WithRoom(Label[] former, Label[] labels)
    {
        var all = former.Length == labels.Length + 1 ? former : new Label[labels.Length + 1];
        labels.CopyTo(all, 0);
        return all;
    }

    private IEnumerable<Measurement<long>> Each(Func<TRow, long> read, Func<TRow, bool>? where)
    {
        foreach (var row in rows())
        {
            if (where?.Invoke(row) != false)
            {
                yield return new(read(row), labelsOf(row));
            }
        }
    }
}
