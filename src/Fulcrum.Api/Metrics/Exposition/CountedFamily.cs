using System.Diagnostics.Metrics;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>
/// A histogram that was counted elsewhere and is told by two counters, one of buckets and one of sums. Both go over the
/// same objects in the same order, so the buckets are kept until the sum of their object comes.
/// </summary>
internal sealed class CountedFamily : Family
{
    private readonly Dictionary<string, (Instrument Instrument, InstrumentReader Reader)> _parts = new(
        StringComparer.Ordinal
    );
    private readonly byte[] _bucket;
    private readonly byte[] _count;
    private readonly byte[] _sum;
    private readonly List<long> _counts = [];
    private readonly List<string> _bounds = [];

    public CountedFamily(Instrument first)
        : base(first)
    {
        Unit = "seconds";
        (_bucket, _count, _sum) = (Suffixed("_bucket"), Suffixed("_count"), Suffixed("_sum"));
    }

    public override string Kind => "histogram";

    public override IReadOnlyList<string> InstrumentNames => [.. _parts.Values.Select(part => part.Instrument.Name)];

    public override bool IsEmpty => _parts.Count == 0;

    public override void Add(Instrument instrument) =>
        _parts.Add(FamilyName.HistogramPart(instrument)!, (instrument, new(instrument)));

    public override void Remove(Instrument instrument)
    {
        if (_parts.Remove(FamilyName.HistogramPart(instrument)!, out var part))
        {
            part.Reader.Dispose();
        }
    }

    public override void Dispose()
    {
        foreach (var (_, reader) in _parts.Values)
        {
            reader.Dispose();
        }
    }

    protected override void WriteSamples(ExpositionWriter to)
    {
        if (_parts.Count < 2)
        {
            return;
        }

        _counts.Clear();
        _bounds.Clear();
        _parts[HistogramName.Bucket].Reader.Read(KeepBucket, (_, _) => { });
        var at = 0;
        _parts[HistogramName.Sum].Reader.Read((_, _) => { }, WriteOne);
        _counts.Clear();

        void WriteOne(ReadOnlySpan<KeyValuePair<string, object?>> labels, double sum)
        {
            if (at + _bounds.Count > _counts.Count)
            {
                return;
            }

            foreach (var bound in _bounds)
            {
                to.Bucket(_bucket, labels, bound, _counts[at++]);
            }

            to.Sample(_count, labels, _counts[at - 1]);
            to.Sample(_sum, labels, sum);
        }
    }

    private void KeepBucket(ReadOnlySpan<KeyValuePair<string, object?>> labels, long count)
    {
        _counts.Add(count);
        if (_bounds is not [.., "+Inf"])
        {
            _bounds.Add((string)labels[^1].Value!);
        }
    }
}
