using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

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
    private readonly HistogramLines _lines;
    private readonly List<long> _counts = [];
    private readonly List<string> _bounds = [];

    public CountedFamily(Instrument first)
        : base(first)
    {
        var name = first.Name[..^FamilyName.HistogramPart(first)!.Length];
        InstrumentNames = [name + HistogramName.Bucket, name + HistogramName.Sum];
        Unit = "seconds";
        _lines = new(Name);
    }

    public override string Kind => "histogram";

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
        _lines.Bound(_bounds);
        var at = 0;
        _parts[HistogramName.Sum].Reader.Read((_, _) => { }, WriteOne);
        _counts.Clear();

        void WriteOne(ReadOnlySpan<KeyValuePair<string, object?>> labels, double sum)
        {
            if (at + _bounds.Count > _counts.Count)
            {
                return;
            }

            to.Histogram(_lines, labels, CollectionsMarshal.AsSpan(_counts).Slice(at, _bounds.Count), sum);
            at += _bounds.Count;
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
